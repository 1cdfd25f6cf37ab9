"""A backup key: private from its first moment, never overwritten, never printed."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from tests.cli.disk import Output

from pinprobe.cli import Exit
from pinprobe.cli.backup_key import backup_key
from pinprobe.cli.exits import Failed
from pinprobe.x509 import pin_of_key


def test_it_is_made_once(tmp_path: Path, capsys: Output) -> None:
    file = tmp_path / "backup.pem"
    (pin,) = backup_key(file)
    pem = file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and pin == pin_of_key(pem)
    assert backup_key(file) == [pin] and file.read_bytes() == pem
    said = capsys.readouterr()
    assert said.out == "" and said.err.count(pin) == 2 and "PRIVATE" not in said.err
    assert "made at" in said.err and "found at" in said.err


def test_none_was_asked_for() -> None:
    assert backup_key(None) == []


def test_what_is_there_and_no_key_stays(tmp_path: Path) -> None:
    file = tmp_path / "mine"
    file.write_text("mine")
    with pytest.raises(Failed, match="no private key") as failed:
        backup_key(file)
    assert failed.value.code == Exit.USAGE and file.read_text() == "mine"


def test_a_link_to_nowhere_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "target")
    with pytest.raises(OSError, match="link"):
        backup_key(tmp_path / "link")
    assert not (tmp_path / "target").exists()
