"""A phase is marked by option, by command, or by a file in the session's folder; a wrong word marks nothing."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from mitmproxy import exceptions
from tests.mitm.hooks import Stage, of, stage
from tests.simulation import replayed

import pinprobe.mitm.session as session_module
from pinprobe import events as ev
from pinprobe.journal import MARK
from pinprobe.mitm.relay import RelayLayer


@pytest.fixture
def s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setattr(session_module, "TICK_S", 0.02)
    with stage(tmp_path, phase="control", label="1.2.3") as made:
        yield made


def folder(s: Stage) -> Path:
    assert s.addon._session is not None
    return s.addon._session.folder


def marks(journal: list[ev.Event]) -> list[tuple[str, str]]:
    return [(event.phase, event.source) for event in of(ev.Marked, journal)]


def leave(s: Stage, word: str) -> None:
    (folder(s) / MARK).write_text(word)
    s.let_it_run(0.3)


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]


def test_how_the_session_begins_stands_in_its_first_line(s: Stage) -> None:
    (started,) = of(ev.SessionStarted, s.end())
    assert (started.phase, started.label) == ("control", "1.2.3")


def test_by_option(s: Stage) -> None:
    s.running.configure(s.addon, pinprobe_phase="test")
    assert marks(s.end()) == [("test", "option")]


def test_by_command(s: Stage) -> None:
    s.addon.mark("test")
    s.addon.mark("idle")
    assert marks(s.end()) == [("test", "command"), ("idle", "command")]


def test_by_file(s: Stage) -> None:
    leave(s, "test\n")
    assert list(folder(s).glob(MARK)) == [], "it is taken away"
    leave(s, "control")
    assert marks(s.end()) == [("test", "file"), ("control", "file")]


def test_the_same_phase_goes_on(s: Stage) -> None:
    s.addon.mark("control")
    s.running.configure(s.addon, pinprobe_phase="control")
    leave(s, "control")
    assert marks(s.end()) == []


def test_an_option_that_is_set_anew_marks_nothing_else(s: Stage) -> None:
    """The phase goes on as it was marked, though the option still says how the session began."""
    s.addon.mark("test")
    s.running.configure(s.addon, pinprobe_label="1.2.3")
    assert marks(s.end()) == [("test", "command")]


def test_the_option_marks_after_a_command_too(s: Stage) -> None:
    s.addon.mark("test")
    s.running.configure(s.addon, pinprobe_phase="idle")
    assert marks(s.end()) == [("test", "command"), ("idle", "option")]


# -- wrong words ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["", "Test", "holiday", "\x1b[2J"])
def test_a_wrong_command_is_refused_with_the_words_there_are(s: Stage, word: str) -> None:
    with pytest.raises(exceptions.CommandError, match="use one of idle, control, test"):
        s.addon.mark(word)
    assert marks(s.end()) == []


def test_a_wrong_option_is_refused(s: Stage) -> None:
    with pytest.raises(exceptions.OptionsError, match="phase"):
        s.running.configure(s.addon, pinprobe_phase="holiday")
    assert marks(s.end()) == []


def test_another_option_beside_the_phase_is_refused_and_marks_nothing(s: Stage) -> None:
    with pytest.raises(exceptions.OptionsError, match="restart the proxy"):
        s.running.configure(s.addon, pinprobe_phase="test", pinprobe_label="1.2.4")
    assert marks(s.end()) == []


def test_a_wrong_file_is_taken_away_and_said_once(s: Stage, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(3):
        leave(s, "holiday")
    assert list(folder(s).glob(MARK)) == []
    (warning,) = warnings(caplog)
    assert "'holiday' is no phase: use one of idle, control, test" in warning
    leave(s, "test")
    journal = s.end()
    assert (marks(journal), of(ev.ToolFailed, journal)) == ([("test", "file")], [])


def test_what_is_no_file_is_said_once(s: Stage, caplog: pytest.LogCaptureFixture) -> None:
    (folder(s) / MARK).mkdir()
    s.let_it_run(0.3)
    assert len(warnings(caplog)) == 1
    assert marks(s.end()) == []


def test_without_a_session_a_command_says_so(tmp_path: Path) -> None:
    with stage(tmp_path, begun=False) as s, pytest.raises(exceptions.CommandError, match="no session is running"):
        s.addon.mark("test")


# -- what it changes ---------------------------------------------------------------------------------------------


def test_in_the_control_everything_is_relayed_and_the_test_begins_with_the_mark(s: Stage) -> None:
    before = [s.visit(f"host{number}.example.com").hello().layer for number in range(5)]
    s.addon.mark("test")
    after = [s.visit(f"new{number}.example.com").hello(f"new{number}.example.com").layer for number in range(5)]
    assert all(isinstance(layer, RelayLayer) for layer in before)
    assert after == [None] * 5
    journal = s.end()
    assert [choice.probe_id for _, choice in replayed(journal)] == ["relay"] * 5 + ["trusted_ca"] * 5
