"""Starting and ending an app. Starting changes nothing that `restore` would have to undo; clearing cannot be undone."""

import time
from collections.abc import Callable

from pinprobe.device.errors import DeviceError
from pinprobe.device.processes import of_app, processes
from pinprobe.device.shell import Device

LAUNCHER = "android.intent.category.LAUNCHER"
START_S = 10.0
"""Until a started app must have a process."""
GLANCE_S = 0.2
SETTLED_S = 1.5
"""An app that crashes at its start does so within this time; measured from the moment it has a process."""
THROTTLE_MS = 300
EVENTS = 10
"""Of monkey in one call: about three seconds, so that an end of the exploration is heeded soon."""


def launch(device: Device, package: str) -> None:
    """Start the app as a tap on its icon would. Raises `DeviceError` where it has no icon."""
    answer = device.change("monkey", "-p", package, "-c", LAUNCHER, "1", may_fail=True)
    if answer.code or "monkey aborted" in answer.out + answer.err:
        raise DeviceError(
            f"{package} has nothing that can be started from the home screen: {answer.said}.",
            "Start it by hand, or enable it: adb shell pm list packages -d lists what is disabled.",
        )


def stop(device: Device, package: str) -> None:
    """End the app and its services."""
    device.change("am", "force-stop", package)


def clear(device: Device, package: str) -> None:
    """Delete all data of the app, as after a fresh installation. Cannot be undone."""
    answer = device.change("pm", "clear", package)
    if not device.dry and "Success" not in answer.out:
        raise DeviceError(
            f"The data of {package} cannot be cleared: {answer.said}.", "Clear it in the device's settings."
        )


def is_running(device: Device, package: str, api: int) -> bool:
    """Whether it has a process now."""
    return bool(of_app(processes(device, api), package))


def require_started(device: Device, package: str, api: int, sleep: Callable[[float], None] = time.sleep) -> None:
    """Wait for the app's process, and see that it stays. Raises `DeviceError` where it has gone: it crashed."""
    end_s = time.monotonic() + START_S
    while not is_running(device, package, api):
        if time.monotonic() >= end_s:
            raise _crashed(package)
        sleep(GLANCE_S)
    sleep(SETTLED_S)
    if not is_running(device, package, api):
        raise _crashed(package)


def monkey(device: Device, package: str, seed: int) -> bool:
    """A few random taps and swipes inside the app; the system's keys are left out. False where the app crashed."""
    answer = device.change(
        *("monkey", "-p", package, "--throttle", str(THROTTLE_MS), "--pct-syskeys", "0", "-s", str(seed), str(EVENTS)),
        may_fail=True,
        timeout_s=EVENTS * THROTTLE_MS / 1000 + device.adb.timeout_s,
    )
    return answer.code == 0


def _crashed(package: str) -> DeviceError:
    return DeviceError(
        f"{package} crashed at its start: it has no process any more.",
        "Start it by hand and look why (adb logcat -b crash); an app that is made for another processor, or that looks "
        "for root or an emulator, ends like this.",
    )
