"""pinprobe diff: its inputs and exit codes; tests/report/test_diff.py asks what a change is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.builders import accepted, refused_alert, relayed_ok
from tests.cli.disk import Output, recorded, run

from pinprobe.cli import Exit

REFUSING = (refused_alert(), refused_alert(), relayed_ok())


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """Two sessions, the first refusing, the second accepting."""
    reports = tmp_path / "reports"
    return (
        recorded(reports, "user", *REFUSING, number=0),
        recorded(reports, "user", accepted(), accepted(), number=1),
    )


def test_a_verdict_changed(pair: tuple[Path, Path], capsys: Output) -> None:
    assert run("diff", *pair) == Exit.DIFFERS
    said = capsys.readouterr()
    assert "changed: api.example.com:443: pinned, unproven -> unpinned, probable" in said.out
    assert said.err == ""


def test_nothing_changed(pair: tuple[Path, Path], capsys: Output) -> None:
    assert run("diff", pair[0], pair[0]) == Exit.DONE
    assert "Nothing changed beyond noise." in capsys.readouterr().out


def test_reports_journals_and_folders_are_the_same(pair: tuple[Path, Path], capsys: Output) -> None:
    run("diff", *pair)
    by_folder = capsys.readouterr().out
    run("diff", *(folder / "journal.jsonl" for folder in pair))
    assert capsys.readouterr().out == by_folder
    run("report", pair[0])
    capsys.readouterr()
    run("diff", pair[0] / "report.json", pair[1])
    assert capsys.readouterr().out == by_folder
    (pair[0] / "journal.jsonl").unlink()
    run("diff", *pair)
    assert capsys.readouterr().out == by_folder, "a folder is its report, where it has one"


def test_as_json(pair: tuple[Path, Path], capsys: Output) -> None:
    assert run("diff", "--json", *pair) == Exit.DIFFERS
    document = json.loads(capsys.readouterr().out)
    assert document["verdict_changed"] is True
    assert [one["kind"] for one in document["endpoints"]] == ["changed"]


def test_another_app_is_a_warning(pair: tuple[Path, Path], tmp_path: Path, capsys: Output) -> None:
    other = recorded(tmp_path, "user", accepted(), accepted(), number=2, app_id="org.example")
    assert run("diff", pair[1], other) == Exit.DONE
    assert "warning: these are different apps, com.example.app and org.example" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "not a pinprobe report"),
        (b"\xff\xfe", "not a pinprobe report"),
        (b"[" * 100_000, "not a pinprobe report"),
        (b"[1]", "no schema_version"),
        (b'{"schema_version": 2}', "not a pinprobe report: KeyError"),
        (b'{"schema_version": 99}', "written by a newer pinprobe"),
    ],
)
def test_what_is_no_report(pair: tuple[Path, Path], tmp_path: Path, capsys: Output, content: bytes, says: str) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_bytes(content)
    assert run("diff", pair[0], wrong) == Exit.UNREADABLE
    said = capsys.readouterr()
    assert said.err.startswith(f"pinprobe: {wrong}: ") and says in said.err and "give a report.json" in said.err
    assert said.out == ""


def test_what_is_not_there(pair: tuple[Path, Path], tmp_path: Path, capsys: Output) -> None:
    assert run("diff", pair[0], tmp_path / "none.json") == Exit.UNREADABLE
    assert "none.json: cannot be read" in capsys.readouterr().err
    (tmp_path / "bare").mkdir()
    assert run("diff", tmp_path / "bare", pair[0]) == Exit.UNREADABLE
    assert "journal.jsonl: cannot be read" in capsys.readouterr().err
