"""The CA into the system store: how depends on Android's version."""

from collections.abc import Callable
from pathlib import Path

from pinprobe.device import mounts
from pinprobe.device.authority import Authority
from pinprobe.device.become_root import become_root
from pinprobe.device.errors import NO_ROOT, DeviceError, Refused
from pinprobe.device.facts import DeviceFacts
from pinprobe.device.keeper import Keeper
from pinprobe.device.parts import MOUNTS, OWN, SYSTEM, SYSTEM_MOUNT, keep_file
from pinprobe.device.processes import children, processes, zygotes
from pinprobe.device.quoting import Glob
from pinprobe.device.shell import Device
from pinprobe.device.stores import APEX_DIR, APEX_FROM_API, SYSTEM_DIR, Place, free_name, system_places

STAGED = f"{OWN}ca.pem"
COPIES = f"{OWN}cacerts"
CONTEXT = "u:object_r:system_file:s0"
REMOUNT_UP_TO_API = 28

Say = Callable[[str], None]


def install_system(keeper: Keeper, facts: DeviceFacts, authority: Authority, pem: Path, say: Say) -> tuple[Place, ...]:
    """Make every app that starts from now on find the CA in the system store; returns the places, checked.

    `pem` is the CA's file on this computer. Raises `DeviceError` where the device gives no root, or the CA is not found
    everywhere afterwards.
    """
    device = keeper.device
    if not facts.root_allowed:
        raise no_root(facts)
    become_root(keeper)
    found = system_places(device, facts.api, authority)
    if not device.dry and all(place.holds for place in found):
        say("the CA is in the system store already: nothing is changed")
        return found
    keep_file(keeper, STAGED)
    device.adb_change("push", str(pem), STAGED)
    by_remount = facts.api <= REMOUNT_UP_TO_API and _by_remount(keeper, authority, say)
    if not by_remount:
        _by_tmpfs(keeper, facts, authority)
    device.change("rm", "-f", STAGED)
    if device.dry:
        return ()
    places = system_places(device, facts.api, authority)
    if missing := [place.text for place in places if not place.holds]:
        raise DeviceError(
            f"The CA was installed, but is not found in: {', '.join(missing)}.",
            "Run `pinprobe device restore`, start the device anew, and try again.",
        )
    return places


def no_root(facts: DeviceFacts) -> DeviceError:
    """Why this device cannot have a CA in its system store."""
    what = (
        "This emulator's image has the Play store, and so gives no root."
        if facts.play
        else "This device gives no root."
    )
    return DeviceError(what, NO_ROOT)


def _by_remount(keeper: Keeper, authority: Authority, say: Say) -> bool:
    """Write into /system itself; False, with nothing changed, where it cannot be made writable."""
    device = keeper.device
    keeper.keep(SYSTEM_MOUNT)
    try:
        answer = device.adb_change("remount")
    except Refused as error:
        say(f"/system cannot be written ({error.what}); a mount covers the store instead")
        return False
    if not device.dry and mounts.options_of(device, SYSTEM)[1] != "rw":
        say(f"/system cannot be written (adb says: {answer.said}); a mount covers the store instead")
        return False
    path = f"{SYSTEM_DIR}/{free_name(device, SYSTEM_DIR, authority)}"
    keep_file(keeper, path)
    device.change("cp", STAGED, path)
    _owned(device, path)
    return True


def _by_tmpfs(keeper: Keeper, facts: DeviceFacts, authority: Authority) -> None:
    """Cover the store with a copy that holds the CA as well, and from Android 14 on the APEX's with the same."""
    device = keeper.device
    keep_file(keeper, COPIES)
    keeper.keep_value(MOUNTS, [])
    mounts.unmount_ours(device)  # what an earlier call left that was cut off
    apex = facts.api >= APEX_FROM_API and device.ask("ls", APEX_DIR).out.strip() != ""
    source = APEX_DIR if apex else SYSTEM_DIR
    name = free_name(device, source, authority)
    device.change("rm", "-rf", COPIES)
    device.change("mkdir", "-m", "700", COPIES)
    device.change("cp", Glob(f"{source}/*"), COPIES)
    device.change("cp", STAGED, f"{COPIES}/{name}")
    device.change("mount", "-t", "tmpfs", mounts.SOURCE, SYSTEM_DIR)
    device.change("cp", Glob(f"{COPIES}/*"), SYSTEM_DIR)
    device.change("rm", "-rf", COPIES)
    device.change("chmod", "755", SYSTEM_DIR)
    device.change("chcon", CONTEXT, SYSTEM_DIR)
    _owned(device, Glob(f"{SYSTEM_DIR}/*"))
    if apex:
        _cover_apex(device, facts.api)


def _cover_apex(device: Device, api: int) -> None:
    """Each zygote has a mount namespace of its own, and so has every app that it forked."""
    bind = ("/bin/mount", "--bind", SYSTEM_DIR, APEX_DIR)
    device.change("mount", "--bind", SYSTEM_DIR, APEX_DIR)
    first = processes(device, api)
    for pid in zygotes(first):
        device.change(*mounts.inside(pid, *bind))
    visited = set(children(first))
    device.change_each(mounts.inside(pid, *bind) for pid in sorted(visited))
    if not device.dry:
        # Apps that were forked while the zygotes were being visited.
        late = [pid for pid in children(processes(device, api)) if pid not in visited]
        device.change_each(mounts.inside(pid, *bind) for pid in late if not _covered(device, pid))


def _covered(device: Device, pid: int) -> bool:
    return APEX_DIR in mounts.targets_in(device, str(pid))


def _owned(device: Device, path: str) -> None:
    """As the files beside it."""
    device.change("chown", "root:root", path)
    device.change("chmod", "644", path)
    device.change("chcon", CONTEXT, path)
