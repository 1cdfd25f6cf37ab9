"""pinprobe show."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.builders import accepted, journal, lookup, marked, quic, refused_alert, relayed_ok, session
from tests.cli.disk import Output, lines, recorded, run

from pinprobe import events as ev
from pinprobe.cli import Exit

EVERYTHING = journal(
    relayed_ok(), marked("test"), lookup(), *[refused_alert()] * 3, accepted("cdn.example.net"), quic(), phase="control"
)


def test_it_prints_the_verdicts(folder: Path, capsys: Output) -> None:
    assert run("show", folder / "journal.jsonl") == Exit.DONE
    output = capsys.readouterr()
    assert "api.example.com:443" in output.out and "unpinned" in output.out
    assert output.err == ""


LAST = ev.LARGEST - 1.0
NO_TIMES = [float("nan"), float("inf"), float("-inf"), float(ev.LARGEST), -float(ev.LARGEST), 1e300]


@pytest.mark.parametrize("at_s", NO_TIMES, ids=str)
@pytest.mark.parametrize(
    "kind", [ev.SessionStarted, ev.ConnectionOpened, ev.ConnectionClosed, ev.Marked, ev.NameResolved]
)
def test_a_time_that_is_none_is_a_bad_line(tmp_path: Path, capsys: Output, kind: type[ev.Event], at_s: float) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(lines([replace(e, at_s=at_s) if isinstance(e, kind) else e for e in EVERYTHING]))
    assert run("show", path) == Exit.UNREADABLE
    assert "no time or number that a journal can hold" in capsys.readouterr().err


@pytest.mark.parametrize("at_s", [LAST, -LAST, 1e300 % ev.LARGEST, 0.0, -1e-300], ids=str)
@pytest.mark.parametrize(
    "kind", [ev.SessionStarted, ev.ConnectionOpened, ev.ConnectionClosed, ev.Marked, ev.NameResolved]
)
def test_no_time_that_can_be_held_is_too_much(tmp_path: Path, kind: type[ev.Event], at_s: float) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(lines([replace(e, at_s=at_s) if isinstance(e, kind) else e for e in EVERYTHING]))
    assert run("show", path) == Exit.DONE


def test_a_sessions_folder_stands_for_its_journal(folder: Path, capsys: Output) -> None:
    assert run("show", folder) == Exit.DONE
    by_folder = capsys.readouterr().out
    assert run("show", folder / "journal.jsonl") == Exit.DONE
    assert capsys.readouterr().out == by_folder


def test_the_same_session_twice_counts_once(folder: Path, capsys: Output) -> None:
    assert run("show", folder) == Exit.DONE
    once = capsys.readouterr().out
    assert run("show", folder, folder) == Exit.DONE
    assert capsys.readouterr().out == once


def test_several_runs_are_one_table(tmp_path: Path, capsys: Output) -> None:
    folders = [
        recorded(tmp_path, "user", refused_alert(), refused_alert(), relayed_ok(), number=0, label="1.0"),
        recorded(tmp_path, "system", accepted(), accepted(), number=1),
    ]
    assert run("show", *folders) == Exit.DONE
    said = capsys.readouterr().out
    assert "R2 user store, 1.0: 2023-11-14 22:13 UTC" in said and "R3 system store: 2023-11-14 23:13 UTC" in said
    assert len([line for line in said.splitlines() if line.startswith("unpinned ")]) == 1


def test_an_empty_session_among_others_hides_nothing(folder: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_bytes(lines([session(session_id="empty")]))
    assert run("show", folder, empty) == Exit.DONE
    assert run("show", empty) == Exit.NOTHING_OBSERVED


def test_a_torn_last_line_is_said_and_left_out(folder: Path, capsys: Output) -> None:
    path = folder / "journal.jsonl"
    path.write_bytes(path.read_bytes()[:-10])
    assert run("show", folder) == Exit.DONE
    output = capsys.readouterr()
    assert "the last line is torn" in output.err and str(path) in output.err
    assert "api.example.com:443" in output.out
