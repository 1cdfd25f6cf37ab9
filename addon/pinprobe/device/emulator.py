"""Emulators, by the programs of Android's SDK: avdmanager makes one, emulator starts it, adb ends it."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from pinprobe.device.adb import Adb, run_program
from pinprobe.device.errors import DeviceError, DeviceLost

PLACES = {
    "avdmanager": ("cmdline-tools/latest/bin", "tools/bin"),
    "sdkmanager": ("cmdline-tools/latest/bin", "tools/bin"),
    "emulator": ("emulator",),
}
SDK = ("ANDROID_HOME", "ANDROID_SDK_ROOT")
IMAGES = ("google_apis", "default", "google_atd", "aosp_atd")
"""Those that give root. `default` and the atd images have no or few Google apps: the least noise."""
ABIS = ("x86_64", "arm64-v8a", "x86")
CREATE_S = 300.0
START_S = 600.0
GLANCE_S = 1.0

Say = Callable[[str], None]


def sdk_folder() -> Path | None:
    """The SDK, where the environment names it."""
    return next((Path(given) for name in SDK if (given := os.environ.get(name))), None)


def tool(name: str) -> str:
    """The path of a program of the SDK. Raises `DeviceError`, with what to install."""
    sdk = sdk_folder()
    folders = [str(sdk / place) for place in PLACES[name]] if sdk is not None else []
    found = shutil.which(name, path=os.pathsep.join([*folders, os.environ.get("PATH", "")]))
    if found is None:
        what = "its package “emulator”" if name == "emulator" else "its command-line tools"
        raise DeviceError(
            f"There is no program `{name}`.",
            f"Install Android's SDK with {what} (Android Studio, SDK Manager), and set ANDROID_HOME to its folder.",
        )
    return found


def image_package(api: int, image: str, abi: str) -> str:
    """The system image as the SDK names it."""
    return f"system-images;android-{api};{image};{abi}"


def create(name: str, *, api: int, image: str, abi: str, dry: bool, say: Say) -> None:
    """Make an emulator. Raises `DeviceError` where a program or the image is missing."""
    package = image_package(api, image, abi)
    command = [tool("avdmanager"), "create", "avd", "-n", name, "-k", package, "-d", "pixel"]
    undo = f"avdmanager delete avd -n {name}"
    if dry:
        say(" ".join(["avdmanager", *command[1:6], f"'{package}'", *command[7:]]))
        say(f"undo: {undo}")
        return
    sdk = sdk_folder()
    if sdk is not None and not (sdk / package.replace(";", "/")).is_dir():
        raise DeviceError(f"The system image {package} is not installed.", f"Install it: sdkmanager '{package}'.")
    answer = run_program(command, CREATE_S, stdin="no\n")
    if "already exists" in answer.out + answer.err:
        say(f"the emulator {name} is there already: nothing is changed")
    elif answer.code:
        raise DeviceError(f"avdmanager failed: {answer.said}.", f"Is the image there? sdkmanager '{package}'.")
    else:
        say(f"made the emulator {name} (API {api}, {image}, {abi})")
    say(f"undo: {undo}")


def start(adb: Adb, name: str, *, window: bool, dry: bool, say: Say) -> str:
    """Start an emulator and wait until Android has started on it; returns its serial.

    It goes on running by itself. Raises `DeviceError` where the program is missing, or ends, or takes too long.
    """
    command = [tool("emulator"), "-avd", name, "-no-snapshot", *([] if window else ["-no-window", "-no-audio"])]
    # So that /system can be written up to Android 9; elsewhere it does no harm.
    command.append("-writable-system")
    if dry:
        say(" ".join(["emulator", *command[1:]]))
        return ""
    before = {one.serial for one in adb.devices()}
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    end_s = time.monotonic() + START_S
    while time.monotonic() < end_s:
        if process.poll() is not None:
            raise DeviceError(
                f"The emulator {name} ended at once (exit code {process.returncode}).",
                f"Start it by hand to see why: emulator -avd {name}. `emulator -list-avds` lists those that exist.",
            )
        for one in adb.devices():
            if one.serial not in before and one.state == "device" and _booted(adb, one.serial):
                process.returncode = 0  # it outlives this program, which will not wait for it
                return one.serial
        time.sleep(GLANCE_S)
    raise DeviceError(
        f"The emulator {name} has not started within {START_S:g} s.", "Look at its window, or start it anew."
    )


def _booted(adb: Adb, serial: str) -> bool:
    try:
        return adb.run("shell", "getprop sys.boot_completed", serial=serial).out.strip() == "1"
    except DeviceLost:
        return False
