"""One pinprobe at a time changes a device: a second one would keep the first one's changes as what was there before."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pinprobe.device.errors import DeviceError
from pinprobe.device.keeper import state_file
from pinprobe.device.shell import Device
from pinprobe.private import make_private

_held: set[Path] = set()
"""By this process, which may ask again."""


@contextmanager
def alone(device: Device, folder: Path | None = None) -> Iterator[None]:
    """While inside, no other process gets here with the same device; the lock goes with the process, however it ends.

    Raises `DeviceError` where another one is inside. A dry run changes nothing and asks nobody; on Windows nothing is
    locked.
    """
    file = state_file(device.serial, folder).with_suffix(".lock")
    if device.dry or os.name != "posix" or file in _held:
        yield
        return
    handle = _locked(file)
    _held.add(file)
    try:
        yield
    finally:
        _held.discard(file)
        file.unlink(missing_ok=True)
        os.close(handle)


def _locked(file: Path) -> int:
    import fcntl  # not on Windows

    make_private(file.parent)
    while True:
        handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            who = os.read(handle, 20).decode("ascii", "replace").strip()
            os.close(handle)
            raise DeviceError(
                f"Another pinprobe works with this device{f' (process {who})' if who else ''}.",
                "Wait until it has ended, or end it with Ctrl-C: it puts the device back.",
            ) from None
        # Its last holder may have taken the file away meanwhile: then this one guards nothing.
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(handle), file.stat()):
                os.ftruncate(handle, 0)
                os.pwrite(handle, str(os.getpid()).encode(), 0)
                return handle
        os.close(handle)
