"""Put a device back to what it was before pinprobe's first change, and see that it is so."""

from dataclasses import dataclass

from pinprobe.device.errors import DeviceError, DeviceLost
from pinprobe.device.keeper import Keeper, Part
from pinprobe.device.parts import PARTS
from pinprobe.device.root import settle


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was put back, and compared with what was kept."""

    parts: tuple[Part, ...]


def restore(keeper: Keeper) -> Restored:
    """Undo in the order of the table; each part is compared with what was kept, and then forgotten.

    May be cut off at any point and called again. Raises `DeviceError` where a part cannot be put back: what is left
    stays in the file.
    """
    device = keeper.device
    kept = keeper.kept
    if kept:
        settle(device)
    done = []
    failed: list[str] = []
    for part in PARTS:
        if part.id not in kept:
            continue
        try:
            part.undo(device, kept[part.id])
            now = kept[part.id] if device.dry else part.read(device, kept[part.id])
        except DeviceLost:
            raise
        except DeviceError as error:
            failed.append(f"{part.title}: {error.what}")
            continue
        if now != kept[part.id]:
            failed.append(f"{part.title}: {now!r} instead of {kept[part.id]!r}")
            continue
        done.append(part)
        # Once something could not be put back, what comes after it stays known: the next call may need it again.
        if not device.dry and not failed:
            keeper.forget(part)
    if failed:
        raise DeviceError(
            f"The device is not as it was: {'; '.join(failed)}.",
            f"Start it anew (adb reboot) and run `pinprobe device restore` again; {keeper.file} keeps what it was like.",
        )
    if not device.dry and (unknown := set(keeper.kept)):
        raise DeviceError(
            f"{keeper.file} names what this version does not know: {', '.join(sorted(unknown))}.",
            "Restore with the version that changed it.",
        )
    return Restored(parts=tuple(done))
