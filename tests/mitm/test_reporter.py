"""Reports are written beside the journal, and never hold it up; what could not be written is tried again by itself."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.builders import accepted, journal, refused_alert, relayed_ok
from tests.mitm.test_recorder import has_lines, in_journal, put, rebuilt_is_the_same, recording
from tests.waiting import eventually

from pinprobe.events import UNWRITTEN, WRITTEN_AGAIN, ToolFailed
from pinprobe.mitm import recorder as recorder_module
from pinprobe.mitm import reporter as reporter_module

LOGIN = "login.example.com"
SESSION = journal(accepted(), refused_alert(LOGIN), relayed_ok(LOGIN), refused_alert(LOGIN))


@pytest.fixture
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(reporter_module, "REFRESH_S", 0.05)
    monkeypatch.setattr(recorder_module, "RETRY_S", 0.1)
    return tmp_path / "reports"


def test_the_journal_does_not_wait_for_a_report(reports: Path) -> None:
    """However long a report takes: here until the journal has what came meanwhile."""
    shown, go_on = threading.Event(), threading.Event()

    def slow(_: Mapping[str, str]) -> None:
        shown.set()
        assert go_on.wait(20)

    with recording(reports, slow) as (recorder, told):
        put(recorder, SESSION[:10])
        assert shown.wait(20)
        put(recorder, SESSION[10:])
        assert eventually(lambda: has_lines(recorder, len(SESSION)))
        go_on.set()
    assert not told.having("failed")


def test_a_report_that_could_not_be_written_is_written_though_nothing_more_is_seen(reports: Path) -> None:
    with recording(reports) as (recorder, told):
        in_the_way = recorder.folder / "report.json"
        in_the_way.mkdir()
        put(recorder, SESSION)
        assert eventually(lambda: told.having("cannot write"))
        in_the_way.rmdir()
        assert eventually(in_the_way.is_file)
        assert eventually(lambda: told.having("report.html again: nothing is missing"))


def test_so_is_the_list(reports: Path, tmp_path: Path) -> None:
    in_the_way = reports / "index.html"
    in_the_way.mkdir(parents=True)
    with recording(reports) as (recorder, told):
        put(recorder, SESSION)
        assert eventually(lambda: told.having("index.html: Is a directory"))
        in_the_way.rmdir()
        assert eventually(in_the_way.is_file)
    notes = [event.where for event in in_journal(recorder.folder) if isinstance(event, ToolFailed)]
    assert notes == [UNWRITTEN, WRITTEN_AGAIN]
    assert rebuilt_is_the_same(recorder.folder, tmp_path / "out")


@pytest.mark.parametrize("how", ["removed", "moved", "replaced"])
def test_what_was_taken_away_is_written_anew_and_whole(reports: Path, tmp_path: Path, how: str) -> None:
    with recording(reports) as (recorder, told):
        put(recorder, SESSION[:10])
        folder = recorder.folder
        assert eventually((folder / "report.json").exists)
        if how == "removed":
            shutil.rmtree(reports, ignore_errors=True)  # a report may be put there meanwhile
        elif how == "moved":
            reports.rename(tmp_path / "elsewhere")
        else:
            (folder / "journal.jsonl").unlink()
            (folder / "journal.jsonl").write_text("somebody's\n")
        assert eventually(lambda: told.having("was taken away"))
        put(recorder, SESSION[10:])
    events = in_journal(folder)
    assert [event for event in events if not isinstance(event, ToolFailed)] == SESSION
    notes = [event for event in events if isinstance(event, ToolFailed)]  # a report may have been in the making
    assert [event.where for event in notes if "journal" in event.error] == [WRITTEN_AGAIN]
    assert len(told.having("was taken away")) == 1
    assert (reports / "index.html").is_file()
    assert rebuilt_is_the_same(folder, tmp_path / "out")
