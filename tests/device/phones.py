"""The fake adb as tests use it: inside this process, where a call costs no process, or as a program on the PATH."""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.android.fake_adb import models, program
from tests.android.fake_adb.models import PACKAGE, SERIAL

from pinprobe.device.adb import Adb, Answer
from pinprobe.device.authority import Authority, read_authority
from pinprobe.device.facts import DeviceFacts, facts_of
from pinprobe.device.keeper import Keeper
from pinprobe.device.shell import Device
from standin.proxy import make_ca

ROOT = Path(__file__).parents[2]

__all__ = ["PACKAGE", "SERIAL", "Bench", "Killed", "Near", "program_on_path", "write_program"]


class Killed(BaseException):
    """The program is killed here: nothing of it runs on."""


class Near(Adb):
    """The same answers as the program's, without a process for each."""

    def __init__(self, folder: Path) -> None:
        self.program = "adb"
        self.timeout_s = 5.0
        self.folder = folder
        self.calls = 0
        self.before: Callable[[int], None] = lambda number: None
        self.after: Callable[[int], None] = lambda number: None

    def run(
        self, *arguments: str, serial: str | None = None, timeout_s: float | None = None, stdin: str | None = None
    ) -> Answer:
        self.calls += 1
        self.before(self.calls)
        said = program.respond([*(["-s", serial] if serial else []), *arguments], self.folder)
        self.after(self.calls)
        return Answer(code=said.code, out=said.out.replace("\r\n", "\n"), err=said.err)


class Bench:
    """One fake device, and what a command needs to work on it."""

    def __init__(self, folder: Path, confdir: Path, api: int = 34, **of_phone: Any) -> None:
        self.folder = folder / "phones"
        self.file = models.phone(self.folder, api, **of_phone)
        self.confdir = confdir
        self.pem = make_ca(confdir)
        self.authority: Authority = read_authority(confdir)
        self.state = folder / "state"
        self.adb = Near(self.folder)
        self.said: list[str] = []
        self.device = Device(self.adb, of_phone.get("serial", SERIAL), say=self.said.append)

    @property
    def facts(self) -> DeviceFacts:
        return facts_of(self.device)

    @property
    def keeper(self) -> Keeper:
        return Keeper(self.device, self.state)

    @property
    def dry(self) -> Device:
        return Device(self.adb, self.device.serial, dry=True, say=self.said.append)

    def document(self) -> Any:
        """The device as it is, without what only numbers things."""
        document = json.loads(self.file.read_text(encoding="utf-8"))
        return {key: value for key, value in document.items() if key not in {"next", "restarting"}}

    def edit(self, change: Callable[[Any], None]) -> None:
        document = json.loads(self.file.read_text(encoding="utf-8"))
        change(document)
        self.file.write_text(json.dumps(document), encoding="utf-8")

    def faults(self, **faults: Any) -> None:
        (self.folder / "faults.json").write_text(json.dumps(faults), encoding="utf-8")

    def calls(self) -> list[list[str]]:
        """All calls of the program so far."""
        return [json.loads(line) for line in (self.folder / "calls.jsonl").read_text(encoding="utf-8").splitlines()]


def write_program(folder: Path) -> Path:
    """The fake as a program named `adb`."""
    folder.mkdir(parents=True, exist_ok=True)
    script = folder / "adb"
    script.write_text(
        f"#!{sys.executable}\nimport sys\nsys.pycache_prefix, sys.dont_write_bytecode = {str(ROOT / 'build' / 'bytecode')!r}, False\nsys.path[:0] = {[str(ROOT), str(ROOT / 'scripts')]!r}\n"
        "from tests.android.fake_adb.program import main\nsys.exit(main())\n",
        encoding="utf-8",
    )
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return script


def program_on_path(folder: Path, monkeypatch: pytest.MonkeyPatch, phones: Path) -> Path:
    """Put the fake on the PATH, before what is there."""
    script = write_program(folder)
    monkeypatch.setenv("FAKE_ADB", str(phones))
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return script
