"""What a device says of itself (getprop)."""

from dataclasses import dataclass

from pinprobe.device.errors import DeviceError
from pinprobe.device.shell import Device

PROPERTIES = (
    "ro.build.version.sdk",
    "ro.product.model",
    "ro.build.version.release",
    "ro.debuggable",
    "sys.boot_completed",
    "ro.kernel.qemu",
    "ro.boot.qemu",
)
LOWEST_API = 21
"""adb reverse and the settings used here exist from Android 5 on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceFacts:
    """One device, without its serial."""

    api: int
    model: str
    release: str
    """Android's version as people say it."""
    emulator: bool
    root_allowed: bool
    """Whether adbd may run as root: emulator images without the Play store, userdebug and eng builds."""
    booted: bool
    play: bool
    """An emulator image with the Play store, which gives no root."""


def facts_of(device: Device) -> DeviceFacts:
    """Ask the device. Raises `DeviceError` where it does not say its API level."""
    api, model, release, debuggable, booted, *qemu = device.lines(*(("getprop", name) for name in PROPERTIES))
    if not (api.isascii() and api.isdecimal() and len(api) <= 3):
        raise DeviceError(
            f"The device does not say its API level (ro.build.version.sdk is {api[:20]!r}).", "Start it again."
        )
    return DeviceFacts(
        api=int(api),
        model=_word(model),
        release=_word(release),
        emulator="1" in qemu,
        root_allowed=debuggable == "1",
        booted=booted == "1",
        play="1" in qemu and debuggable != "1",
    )


def require_usable(facts: DeviceFacts) -> None:
    """Raise `DeviceError` for a device that is too old, or has not started yet."""
    if facts.api < LOWEST_API:
        raise DeviceError(f"The device has API level {facts.api}.", f"Use one with {LOWEST_API} (Android 5) or later.")
    if not facts.booted:
        raise DeviceError("The device has not started yet.", "Wait until its home screen is there, and try again.")


def _word(text: str) -> str:
    return "".join(c for c in text if c.isprintable())[:60]
