"""Android's CA stores: folders whose files are named by the hash of a certificate's subject."""

import re
from dataclasses import dataclass

from pinprobe.device.authority import Authority, fingerprint
from pinprobe.device.processes import processes, zygotes
from pinprobe.device.shell import Device

USER_DIR = "/data/misc/user/0/cacerts-added"
SYSTEM_DIR = "/system/etc/security/cacerts"
APEX_DIR = "/apex/com.android.conscrypt/cacerts"
APEX_FROM_API = 34
"""From Android 14 on, Conscrypt reads the folder of its APEX; Flutter and Chromium go on to read the system's."""

_NAME = re.compile(r"[0-9a-f]{8}\.\d{1,4}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One folder as one process sees it."""

    text: str
    folder: str
    holds: bool
    """Whether the CA is there, by its fingerprint."""


def file_in(device: Device, folder: str, authority: Authority) -> str | None:
    """The name under which this very certificate is there; None where it is not."""
    for name in _alike(device, folder, authority):
        if fingerprint(device.ask("cat", f"{folder}/{name}").out) == authority.sha256:
            return name
    return None


def free_name(device: Device, folder: str, authority: Authority) -> str:
    """The name that it would get: certificates with one subject are numbered, without gaps."""
    taken = set(_alike(device, folder, authority))
    number = next(n for n in range(len(taken) + 1) if f"{authority.subject_hash}.{n}" not in taken)
    return f"{authority.subject_hash}.{number}"


def system_places(device: Device, api: int, authority: Authority) -> tuple[Place, ...]:
    """Everywhere that the CA must be for apps that start from now on. The device's shell must run as root."""
    folders = (SYSTEM_DIR, APEX_DIR) if api >= APEX_FROM_API else (SYSTEM_DIR,)
    roots = [("", "")] + [(f"/proc/{pid}/root", f" in zygote {pid}") for pid in zygotes(processes(device, api))]
    return tuple(
        Place(text=f"{folder}{where}", folder=folder, holds=file_in(device, f"{root}{folder}", authority) is not None)
        for folder in folders
        for root, where in roots
    )


def user_place(device: Device, authority: Authority) -> Place:
    """The user store. The device's shell must run as root to look."""
    return Place(text=USER_DIR, folder=USER_DIR, holds=file_in(device, USER_DIR, authority) is not None)


def _alike(device: Device, folder: str, authority: Authority) -> list[str]:
    names = device.ask("ls", folder).out.split()
    return sorted(name for name in names if _NAME.fullmatch(name) and name.startswith(f"{authority.subject_hash}."))
