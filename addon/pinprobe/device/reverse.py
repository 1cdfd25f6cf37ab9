"""`adb reverse`: ports of the device that lead to ports of this computer."""

from pinprobe.device.errors import DeviceError
from pinprobe.device.shell import Device

Pair = tuple[str, str]
"""On the device, on this computer: ("tcp:8080", "tcp:8080")."""


def pairs(device: Device) -> tuple[Pair, ...]:
    """Those that are there now, in order."""
    found = []
    for line in device.adb_ask("reverse", "--list").out.splitlines():
        words = line.split()
        # "(reverse) tcp:8080 tcp:8080", or "UsbFfs tcp:8080 tcp:8080", by the version of adb.
        if len(words) >= 3:
            found.append((words[-2], words[-1]))
    return tuple(sorted(found))


def add(device: Device, port: int) -> None:
    """The device's own port of this number leads here. Raises `DeviceError` where the port is taken by another."""
    place = f"tcp:{port}"
    there = dict(pairs(device)).get(place)
    if there == place:
        return
    if there is not None:
        raise DeviceError(
            f"Port {port} of the device leads to {there} of this computer already.", "Use another port: --port N."
        )
    device.adb_change("reverse", place, place)


def set_to(device: Device, wanted: tuple[Pair, ...]) -> None:
    """Take away what is not wanted, and make what is missing."""
    now = pairs(device)
    for there, _ in set(now) - set(wanted):
        device.adb_change("reverse", "--remove", there)
    for there, here in set(wanted) - set(now):
        device.adb_change("reverse", there, here)
