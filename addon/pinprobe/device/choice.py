"""Which of the connected devices is meant."""

from collections.abc import Sequence

from pinprobe.device.adb import ALLOW, Adb, Attached
from pinprobe.device.errors import DeviceError

READY = "device"
NOT_TO_BE_HAD = (
    "adb is not installed, or `adb devices` does not list the device as ready and alone (pinprobe_adb=SERIAL names one of "
    "several)"
)
"""What the running proxy says, which has no person before it whom it could ask more."""


def choose(attached: Sequence[Attached], wanted: str | None) -> Attached:
    """The device by its serial, or the only one that is ready. Raises `DeviceError`, with what to do."""
    if not attached:
        raise DeviceError(
            "No device is connected.",
            "Connect one with USB debugging on, or start an emulator: scripts/emulator-start. `adb devices` must list it.",
        )
    named = ", ".join(f"{one.serial} ({one.state})" for one in attached)
    if wanted is not None:
        found = [one for one in attached if one.serial == wanted]
        if not found:
            raise DeviceError(f"There is no device {wanted}.", f"Connected: {named}.")
        return _ready(found[0])
    if len(attached) == 1:
        return _ready(attached[0])
    ready = [one for one in attached if one.state == READY]
    if len(ready) == 1:
        return ready[0]
    raise DeviceError(f"Several devices are connected: {named}.", "Name one: --device SERIAL.")


def find(adb: Adb, wanted: str | None) -> Attached:
    """The same, of those that adb lists now."""
    return choose(adb.devices(), wanted)


def _ready(one: Attached) -> Attached:
    match one.state:
        case "device":
            return one
        case "unauthorized" | "authorizing":
            raise DeviceError("The device has not authorised this computer.", ALLOW)
        case "offline":
            raise DeviceError(
                "The device is offline.", "Wait until it has started, or connect it again; then `adb devices`."
            )
        case "no permissions":
            raise DeviceError("This user may not open the USB device.", "Add a udev rule for it, and connect it again.")
        case state:
            raise DeviceError(f"The device is in the state “{state}”.", "Start Android on it.")
