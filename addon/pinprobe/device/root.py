"""adbd as root, where the image allows it, and back."""

import time
from collections.abc import Callable
from itertools import count

from pinprobe.device.errors import NO_ROOT, DeviceError, DeviceLost
from pinprobe.device.shell import Device

RESTART_S = 20.0
"""Until adbd must have come back after its restart."""
SETTLE_S = 3.0
"""The same where it may as well be gone: then `restore` can be called again."""
GLANCES_S = (0.01, 0.1, 0.4)
"""Between two looks; the last goes on."""


def is_root(device: Device) -> bool:
    """Whether the device's shell runs as root."""
    return device.line("id").startswith("uid=0(")  # without -u, which the oldest `id` does not know


def to_root(device: Device) -> None:
    """Restart adbd as root. Raises `DeviceError` where it may not."""
    _restart(device, "root", lambda: is_root(device))


def to_shell(device: Device) -> None:
    """Restart adbd as the shell's user."""
    _restart(device, "unroot", lambda: not is_root(device))


def _restart(device: Device, verb: str, there: Callable[[], bool]) -> None:
    if not device.dry and there():
        return
    answer = device.adb_change(verb)
    if device.dry:
        return
    if "cannot run as root" in answer.out + answer.err:
        raise DeviceError(f"This device gives no root. adb says: {answer.said}.", NO_ROOT)
    if not _eventually(there, RESTART_S):
        raise DeviceError(f"`adb {verb}` had no effect. adb says: {answer.said}.", NO_ROOT)


def settle(device: Device) -> None:
    """Wait while adbd restarts, as it does when a program was cut off right after `adb root`. Raises `DeviceLost`."""
    _eventually(lambda: device.line("id") != "", SETTLE_S)


def _eventually(there: Callable[[], bool], within_s: float) -> bool:
    end_s = time.monotonic() + within_s
    for glance in count():
        try:
            if there():
                return True
        except DeviceLost:  # adbd restarts
            if time.monotonic() >= end_s:
                raise
        if time.monotonic() >= end_s:
            return False
        time.sleep(GLANCES_S[min(glance, len(GLANCES_S) - 1)])
    raise AssertionError("counting never ends")
