"""What a device was like before pinprobe's first change, kept in a file of this computer until it is so again.

The rule: the file first, the change second. A part of the device is read and kept before it is changed for the first
time, so whatever ends the program, `restore` finds in the file all that may differ.
"""

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pinprobe.device.errors import DeviceError
from pinprobe.device.shell import Device
from pinprobe.private import make_private

Json = Any

SCHEMA = 1
FOLDER = "PINPROBE_STATE"
"""Environment variable that names another folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One thing about a device that pinprobe may change."""

    id: str
    title: str
    read: Callable[[Device, Json], Json]
    """What it is now; the second argument is what was kept of it, None the first time."""
    undo: Callable[[Device, Json], None]
    """Make it what was kept. Does nothing where it is so, and may be cut off and begun again."""


def state_folder() -> Path:
    """Where these files lie: $PINPROBE_STATE, or pinprobe/devices in the user's folder for state (XDG)."""
    if given := os.environ.get(FOLDER):
        return Path(given)
    base = os.environ.get("XDG_STATE_HOME", "")
    return (Path(base) if base.startswith("/") else Path.home() / ".local" / "state") / "pinprobe" / "devices"


def state_file(serial: str, folder: Path | None = None) -> Path:
    """The file of one device, by a digest: a serial may hold what a file's name may not."""
    digest = hashlib.sha256(serial.encode()).hexdigest()[:16]
    return (folder or state_folder()) / f"{digest}.json"


class Keeper:
    """The file of one device. A dry run keeps nothing."""

    def __init__(self, device: Device, folder: Path | None = None) -> None:
        """Raises `DeviceError` for a file that is damaged or newer than this program."""
        self.device = device
        self.file = state_file(device.serial, folder)
        self._kept: dict[str, Json] = _read(self.file)

    @property
    def kept(self) -> dict[str, Json]:
        """By the part's id; empty where the device is as it was."""
        return dict(self._kept)

    def keep(self, part: Part) -> None:
        """Before the first change of this part."""
        if not self.device.dry and part.id not in self._kept:
            self._write({**self._kept, part.id: part.read(self.device, None)})

    def keep_value(self, part: Part, value: Json) -> None:
        """The same, with what is known already; what was kept before stays."""
        if not self.device.dry and part.id not in self._kept:
            self._write({**self._kept, part.id: value})

    def keep_entry(self, part: Part, key: str, value: Json) -> None:
        """One more entry of a part that is a table."""
        entries = self._kept.get(part.id, {})
        if not self.device.dry and key not in entries:
            self._write({**self._kept, part.id: {**entries, key: value}})

    def forget(self, part: Part) -> None:
        """It is as it was."""
        self._write({key: value for key, value in self._kept.items() if key != part.id})

    def _write(self, kept: dict[str, Json]) -> None:
        if not kept:
            self.file.unlink(missing_ok=True)
        else:
            make_private(self.file.parent)
            fresh = self.file.with_suffix(".tmp")
            fresh.unlink(missing_ok=True)
            handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                json.dump({"schema": SCHEMA, "serial": self.device.serial, "kept": kept}, out, indent=1)
                out.flush()
                # On the disk before the device is touched, also if this computer loses its power.
                os.fsync(out.fileno())
            fresh.replace(self.file)
        self._kept = kept


def serials_kept(folder: Path | None = None) -> tuple[str, ...]:
    """Devices that may still differ from what they were."""
    found = []
    for file in sorted((folder or state_folder()).glob("*.json")):
        try:
            found.append(str(json.loads(file.read_text(encoding="utf-8"))["serial"]))
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return tuple(found)


def _read(file: Path) -> dict[str, Json]:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        if document["schema"] != SCHEMA or not isinstance(document["kept"], dict):
            raise ValueError("another schema")
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DeviceError(
            f"{file}, which keeps what the device was like, cannot be read: {error}.",
            "Undo by hand what docs/device.md names (Undo), and delete the file.",
        ) from None
    return dict(document["kept"])
