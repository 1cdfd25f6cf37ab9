"""What can go wrong with a device: one exception, whose text says what is wrong and the next step."""


class DeviceError(Exception):
    """Something about adb or the device. The text is for the terminal: it may name a serial, so no file may hold it."""

    def __init__(self, what: str, step: str) -> None:
        super().__init__(f"{what} {step}")
        self.what = what
        self.step = step


NO_ROOT = (
    "Use an emulator image without the Play store (scripts/emulator-create makes one), or a userdebug build. On this "
    "device the user store by hand is left (docs/device.md), or a Magisk module that copies user CAs to the system store."
)


class DeviceLost(DeviceError):
    """The device does not answer any more: what was changed on it stays changed until `restore`."""


class Refused(DeviceError):
    """A command came through to the device, and the device said no."""
