"""From paths to one report: which journals belong together, and where the report belongs."""

from __future__ import annotations

import gc
import shutil
from pathlib import Path

import pytest
from tests.builders import accepted, refused_alert, relayed_ok
from tests.cli.disk import recorded

from pinprobe.cli.exits import Exit, Failed
from pinprobe.cli.journals import journal_in, rebuild
from pinprobe.journal import JournalError
from pinprobe.runs import Role

REFUSING = (refused_alert(), refused_alert(), relayed_ok())


def test_a_folder_stands_for_its_journal(tmp_path: Path) -> None:
    assert journal_in(tmp_path) == tmp_path / "journal.jsonl"
    assert journal_in(tmp_path / "other.jsonl") == tmp_path / "other.jsonl"


def test_one_session_stays_alone(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.jsonl"
    shutil.copy(folder / "journal.jsonl", copy)
    alone = rebuild([folder])
    assert alone.report.runs == () and alone.folder == folder and alone.reports == tmp_path / "reports"
    for paths in ([folder, folder], [folder, folder / "journal.jsonl"], [folder, copy]):
        assert rebuild(paths).report == alone.report


def test_of_two_copies_the_whole_one_is_kept(folder: Path, tmp_path: Path) -> None:
    torn = tmp_path / "torn.jsonl"
    torn.write_bytes(b"".join((folder / "journal.jsonl").read_bytes().splitlines(keepends=True)[:3]))
    assert rebuild([torn, folder]).report == rebuild([folder]).report
    assert rebuild([torn, folder]).folder == folder


def test_several_sessions_are_one_report_beside_them(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    folders = [
        recorded(reports, "user", *REFUSING, number=0),
        recorded(reports, "system", accepted(), accepted(), number=1),
    ]
    rebuilt = rebuild(folders)
    assert [run.role for run in rebuilt.report.runs] == [Role.R2, Role.R3]
    assert rebuilt.folder.parent == reports / "com.example.app" and rebuilt.reports == reports
    assert rebuilt.folder.name.startswith("runs-") and len(rebuilt.folder.name) == len("runs-") + 10
    assert rebuild([*reversed(folders), folders[0]]) == rebuilt, "the order of arguments is nothing"


def test_journals_that_lie_anywhere(tmp_path: Path) -> None:
    paths = []
    for number in range(2):
        folder = recorded(tmp_path / "elsewhere", "system", accepted(), number=number)
        paths.append(tmp_path / f"{number}.jsonl")
        shutil.copy(folder / "journal.jsonl", paths[-1])
    rebuilt = rebuild(paths)
    assert rebuilt.folder.parent == tmp_path and rebuilt.reports is None


def test_different_apps_are_told_apart(tmp_path: Path) -> None:
    one = recorded(tmp_path, "system", accepted(), number=0)
    other = recorded(tmp_path, "system", accepted(), number=1, app_id="org.example.\x1bother")
    with pytest.raises(Failed, match=r"different apps \(com.example.app, org.example.\\u001bother\)") as failed:
        rebuild([one, other])
    assert failed.value.code is Exit.USAGE


def test_unused_memory_is_looked_for_again_afterwards(folder: Path, tmp_path: Path) -> None:
    """Also where the journal cannot be read."""
    assert gc.isenabled()
    rebuild([folder])
    assert gc.isenabled()
    (tmp_path / "damaged.jsonl").write_text("no journal\n")
    with pytest.raises(JournalError):
        rebuild([tmp_path / "damaged.jsonl"])
    assert gc.isenabled()
