"""What comes from outside and ends up in a command: checked here, once. All raise ValueError, which says what is wrong."""

import re

LONGEST_PACKAGE = 223
"""Characters; Android makes a folder of it (FrameworkParsingPackageUtils.validateName)."""
LONGEST_SERIAL = 128

_PACKAGE = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)+", re.ASCII)
_SERIAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:()\[\]%@-]*", re.ASCII)
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?", re.ASCII)
_AVD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)


def package_name(text: str) -> str:
    """An app's id, by Android's rule: two or more words of letters, digits and _, each beginning with a letter."""
    if len(text) > LONGEST_PACKAGE or not _PACKAGE.fullmatch(text):
        raise ValueError(f"{text[:80]!r} is no package name such as com.example.app")
    return text


def serial(text: str) -> str:
    """A device as `adb devices` names it: a serial number, emulator-5554, or host:port."""
    if len(text) > LONGEST_SERIAL or not _SERIAL.fullmatch(text):
        raise ValueError(f"{text[:80]!r} is no serial as `adb devices` prints them")
    return text


def port(text: str) -> int:
    """A TCP port."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 5 and 1 <= int(text) <= 65535):
        raise ValueError(f"{text[:20]!r} is no port, 1 to 65535")
    return int(text)


def host(text: str) -> str:
    """A host name or IPv4 address that the device can be told as its proxy."""
    if len(text) > 253 or not _HOST.fullmatch(text):
        raise ValueError(f"{text[:80]!r} is no host name or address")
    return text


def avd_name(text: str) -> str:
    """An emulator's name, by avdmanager's rule."""
    if len(text) > 100 or not _AVD.fullmatch(text):
        raise ValueError(f"{text[:80]!r} is no name for an emulator: use letters, digits, dot, dash and _")
    return text
