"""Root for what is about to be changed, with what its restart of adbd changes kept before."""

from pinprobe.device import reverse
from pinprobe.device.errors import DeviceError
from pinprobe.device.keeper import Keeper
from pinprobe.device.parts import REVERSE, ROOT
from pinprobe.device.root import is_root, to_root


def become_root(keeper: Keeper) -> None:
    """Restart adbd as root, if it does not run so. Raises `DeviceError` where the device gives no root."""
    if is_root(keeper.device):
        return
    ports = reverse.pairs(keeper.device)
    new = [part for part in (ROOT, REVERSE) if part.id not in keeper.kept]
    for part in new:
        keeper.keep(part)
    try:
        to_root(keeper.device)
    except DeviceError:
        # A refusal changes nothing: then nothing of it is kept either.
        if not keeper.device.dry and not is_root(keeper.device):
            for part in new:
                keeper.forget(part)
        raise
    if not keeper.device.dry:
        # adbd forgot them when it restarted; proxy-on may be among those who need them.
        reverse.set_to(keeper.device, ports)
