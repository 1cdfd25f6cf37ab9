"""What the device's package manager says of an app."""

import re
from dataclasses import dataclass

from pinprobe.device.errors import DeviceError
from pinprobe.device.shell import Device


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageFacts:
    """An installed app."""

    package: str
    uid: int | None
    version_name: str
    target_sdk: int | None
    debuggable: bool


_UID = re.compile(r"^\s*(?:userId|appId)=(\d+)", re.MULTILINE)
_VERSION = re.compile(r"^\s*versionName=(\S{1,80})", re.MULTILINE)
_TARGET = re.compile(r"\btargetSdk=(\d+)")
_FLAGS = re.compile(r"^\s*(?:pkgFlags|flags)=\[([^\]]*)\]", re.MULTILINE)


def package_facts(device: Device, package: str) -> PackageFacts:
    """Ask `dumpsys package`. Raises `DeviceError` where the app is not installed."""
    if not device.line("pm", "path", package).startswith("package:"):
        raise DeviceError(
            f"{package} is not installed on the device.",
            "Install it (adb install-multiple -g *.apk), or look for its name: adb shell pm list packages -3.",
        )
    return parse(package, device.ask("dumpsys", "package", package).out)


def parse(package: str, dump: str) -> PackageFacts:
    """The app's own block of the dump, which also holds what others say of it."""
    start = dump.find(f"Package [{package}]")
    block = dump[start:] if start >= 0 else dump
    uid, version, target = (pattern.search(block) for pattern in (_UID, _VERSION, _TARGET))
    flags = _FLAGS.search(block)
    return PackageFacts(
        package=package,
        uid=int(uid[1]) if uid else None,
        version_name="".join(c for c in version[1] if c.isprintable()) if version else "",
        target_sdk=int(target[1]) if target else None,
        debuggable=flags is not None and "DEBUGGABLE" in flags[1].split(),
    )
