"""A file's trouble is told once when it begins and once when it is over, in the log and in the report."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from pinprobe.events import UNWRITTEN, WRITTEN_AGAIN, ToolFailed
from pinprobe.mitm import trouble as trouble_module
from pinprobe.mitm.trouble import Trouble

PATH = Path("/somewhere/reports/journal.jsonl")
FULL = OSError(errno.ENOSPC, "whatever a library says", "/somewhere/else")


class Heard:
    def __init__(self) -> None:
        self.said: list[str] = []
        self.noted: list[ToolFailed] = []
        self.trouble = Trouble("the journal", PATH, "events wait", lambda _, line: self.said.append(line), self.note)

    def note(self, event: ToolFailed) -> None:
        self.noted.append(event)


def test_once_when_it_begins_and_once_when_it_is_over() -> None:
    heard = Heard()
    heard.trouble.passed()
    assert (heard.trouble.lasts, heard.said) == (False, [])
    for _ in range(3):
        heard.trouble.refused(FULL)
    assert [heard.trouble.lasts] == [True]
    for _ in range(3):
        heard.trouble.passed("4 events are missing")
    assert [heard.trouble.lasts] == [False]
    assert heard.said == [
        f"pinprobe: cannot write {PATH}: No space left on device. The proxy goes on; events wait.",
        f"pinprobe: writing {PATH} again: 4 events are missing.",
    ]
    assert [event.where for event in heard.noted] == [UNWRITTEN, WRITTEN_AGAIN]
    began, over = (event.error for event in heard.noted)
    assert began.startswith("The journal could not be written since 2") and "(No space left on device)" in began
    assert over.startswith("The journal is written again since 2") and over.endswith("4 events are missing")


def test_what_was_taken_away_and_is_there_again() -> None:
    heard = Heard()
    heard.trouble.mended()
    assert heard.said == [f"pinprobe: {PATH} was taken away, and is written anew: nothing is missing."]
    assert [event.where for event in heard.noted] == [WRITTEN_AGAIN]


def test_the_report_names_no_path() -> None:
    heard = Heard()
    heard.trouble.refused(FULL)
    heard.trouble.passed()
    heard.trouble.mended()
    assert not any("somewhere" in event.error or "whatever" in event.error for event in heard.noted)


def test_trouble_that_comes_again_and_again_fills_no_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trouble_module, "TOLD", 3)
    heard = Heard()
    for _ in range(10):
        heard.trouble.refused(FULL)
        heard.trouble.passed()
    assert len(heard.said) == len(heard.noted) == 6
