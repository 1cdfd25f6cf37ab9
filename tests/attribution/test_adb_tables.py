"""The tables through a program called adb; its words never travel on, since they may name a serial."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pinprobe.attribution import AdbTables, ReadError

SERIAL = "R5CT1234ABC"
HEAD = f"List of devices attached\\n{SERIAL}      device product:x\\n"
PROGRAM = """#!/bin/sh
if [ "$1" = devices ]; then printf '{devices}'; exit 0; fi
[ "$1 $2" = "-s {serial}" ] || {{ echo "adb: device '$2' not found" >&2; exit 1; }}
shift 2
{rest}
"""
WORKS = """case "$*" in
    "shell cat /proc/net/tcp /proc/net/tcp6") echo "the sockets" ;;
    "shell pm list packages -U") echo "the packages" ;;
    *) echo "$*" >&2; exit 1 ;;
esac"""


@pytest.fixture
def adb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return tmp_path / "adb"


def does(adb: Path, rest: str = WORKS, devices: str = HEAD) -> None:
    adb.write_text(PROGRAM.format(devices=devices, serial=SERIAL, rest=rest))
    adb.chmod(0o755)


@pytest.mark.parametrize("wanted", ["auto", SERIAL])
def test_both_tables_are_read(adb: Path, wanted: str) -> None:
    does(adb)
    tables = AdbTables(wanted)
    assert (tables.sockets(), tables.packages()) == ("the sockets\n", "the packages\n")


def test_no_adb_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ReadError, match="adb is not installed"):
        AdbTables("auto").sockets()


@pytest.mark.parametrize(
    ("devices", "wanted"),
    [
        ("List of devices attached\\n", "auto"),
        (HEAD, "another"),
        (HEAD + "emulator-5554 device\\n", "auto"),
        (HEAD.replace("device prod", "unauthorized prod"), "auto"),
    ],
    ids=["none", "another one", "two", "not authorised"],
)
def test_a_device_that_cannot_be_used(adb: Path, devices: str, wanted: str) -> None:
    does(adb, devices=devices)
    with pytest.raises(ReadError, match="does not list the device as ready") as raised:
        AdbTables(wanted).sockets()
    assert SERIAL not in str(raised.value) and raised.value.__cause__ is None


def test_a_device_that_goes_and_comes_back(adb: Path) -> None:
    does(adb)
    tables = AdbTables("auto")
    tables.sockets()
    does(adb, rest=f"echo \"error: device '{SERIAL}' not found\" >&2; exit 1")
    with pytest.raises(ReadError, match="or it is gone") as raised:
        tables.sockets()
    assert SERIAL not in str(raised.value)
    does(adb)
    assert tables.sockets() == "the sockets\n"


def test_a_device_that_does_not_answer(adb: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pinprobe.attribution.adb_tables.SOCKETS_S", 0.2)
    does(adb, rest="exec sleep 5")
    with pytest.raises(ReadError, match="does not answer"):
        AdbTables("auto").sockets()


def test_one_of_two_tables_is_enough(adb: Path) -> None:
    """A kernel without IPv6 has no tcp6, and `cat` then fails in part."""
    does(adb, rest='echo "the sockets"; echo "cat: /proc/net/tcp6: No such file" >&2; exit 1')
    assert AdbTables("auto").sockets() == "the sockets\n"
