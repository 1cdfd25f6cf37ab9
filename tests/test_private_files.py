"""Whatever is written is its owner's alone: files 0600 in folders 0700, whatever the umask is."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pinprobe import cli
from pinprobe.cli.backup_key import backup_key
from pinprobe.device.adb import Adb
from pinprobe.device.keeper import Keeper
from pinprobe.device.shell import Device
from pinprobe.journal import JournalWriter
from pinprobe.private import write_private
from pinprobe.report import FORMATS
from pinprobe.report.files import refresh_index, write_reports
from tests.builders import accepted, journal
from tests.report.samples import every_verdict, report_of


@contextmanager
def masked(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def _reports(folder: Path) -> None:
    write_reports(folder / "reports" / "app" / "session", every_verdict(), {format.id for format in FORMATS})
    refresh_index(folder / "reports")


def _journal(folder: Path) -> None:
    write_reports(folder / "session", report_of())
    writer = JournalWriter(folder / "session" / "journal.jsonl")
    writer.append(journal(accepted()))
    writer.close()


def _policy(folder: Path) -> None:
    write_reports(folder / "session", every_verdict())
    report, policy = str(folder / "session" / "report.json"), folder / "a" / "b" / "policy.yaml"
    assert cli.main(["init", "--out", str(policy), report]) == 0
    answer = ["--format", "json", "--out", str(folder / "answers" / "answer.json")]
    assert cli.main(["check", "--policy", str(policy), *answer, report]) in {0, 1}


def _device(folder: Path) -> None:
    keeper = Keeper(Device(Adb("sh"), "emulator-5554"), folder / "state" / "devices")
    keeper._write({"proxy": None})


WRITERS: dict[str, Callable[[Path], object]] = {
    "reports and their list": _reports,
    "journal": _journal,
    "policy and answer": _policy,
    "backup key": lambda folder: backup_key(folder / "backup.pem"),
    "keys and configuration of the tunnel": lambda folder: write_private(folder / "conf" / "wireguard.conf", "keys"),
    "what a device was like": _device,
}


@pytest.mark.parametrize("mask", [0o000, 0o077], ids=["umask 000", "umask 077"])
@pytest.mark.parametrize("writer", WRITERS)
def test_nobody_else_can_read_it(tmp_path: Path, writer: str, mask: int) -> None:
    with masked(mask):
        WRITERS[writer](tmp_path)
    written = list(tmp_path.rglob("*"))
    assert any(path.is_file() for path in written)
    for path in written:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
