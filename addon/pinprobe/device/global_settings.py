"""The device's global settings, by the `settings` command."""

from collections.abc import Mapping, Sequence

from pinprobe.device.shell import Device

NOTHING = "null"
"""What the command prints for a setting that is not there."""


def get(device: Device, key: str) -> str | None:
    """A setting's value; None where there is none."""
    value = device.line("settings", "get", "global", key)
    return None if value == NOTHING else value


def several(device: Device, keys: Sequence[str]) -> dict[str, str | None]:
    """The values of several."""
    values = device.lines(*(("settings", "get", "global", key) for key in keys))
    return {key: None if value == NOTHING else value for key, value in zip(keys, values, strict=True)}


def put(device: Device, key: str, value: str | None) -> None:
    """Set it, or take it away."""
    if value is None:
        device.change("settings", "delete", "global", key)
    else:
        device.change("settings", "put", "global", key, value)


def everything(device: Device) -> Mapping[str, str]:
    """All of them."""
    lines = device.ask("settings", "list", "global").out.splitlines()
    return {key: value for key, mark, value in (line.partition("=") for line in lines) if mark}
