"""The bound of a journal: whole up to it, and then what a reader must know."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from tests.builders import START_S, Events, accepted, journal, placed, refused_alert, tool_failed
from tests.waiting import eventually

from pinprobe.cli import main
from pinprobe.events import ConnectionEvent, RecordingStopped, SessionEnded
from pinprobe.journal import JournalReader
from pinprobe.mitm import reporter as reporter_module
from pinprobe.mitm.bound import MB, Bound
from pinprobe.mitm.recorder import Recorder
from pinprobe.report.times import iso

SESSION = journal(accepted())
END = SessionEnded(at_s=START_S + 99)


def stops(events: Events) -> list[int]:
    return [event.missing for event in events if isinstance(event, RecordingStopped)]


def test_all_is_admitted_below_the_bound_and_without_one() -> None:
    for bound, size in ((Bound(1), MB - 1), (Bound(None), 10**15)):
        assert bound.admitted(SESSION, size, final=False) == SESSION
        assert bound.admitted([], size, final=True) == [] and not bound.reached


def test_at_the_bound_recording_stops_with_the_first_fact_that_is_left_out() -> None:
    bound = Bound(1)
    stop, *rest = bound.admitted([*tool_failed(), *SESSION, END], MB, final=False)
    assert isinstance(stop, RecordingStopped) and stop.since_s == SESSION[0].at_s and bound.reached
    assert stop.missing == len(SESSION) and stop.bound_mb == 1
    assert rest == [*tool_failed(), END]
    assert bound.admitted(SESSION[:1], 0, final=False) == [], "it does not begin again"


def test_a_full_journal_still_takes_what_is_told_of_ourselves() -> None:
    bound = Bound(1)
    assert bound.admitted([*tool_failed(), END], MB, final=True) == [*tool_failed(), END]
    assert not bound.reached, "nothing is missing"


def test_what_is_missing_is_told_each_time_it_has_doubled_and_at_the_end() -> None:
    bound = Bound(1)
    told = [stops(bound.admitted(SESSION[:1], MB, final=False)) for _ in range(100)]
    assert [number for one in told for number in one] == [1, 2, 4, 8, 16, 32, 64]
    assert stops(bound.admitted([END], MB, final=True)) == [100]
    assert stops(bound.admitted([], MB, final=True)) == []


# -- with a real file --------------------------------------------------------------------------------


@contextmanager
def recording(reports: Path, bound_mb: int) -> Iterator[tuple[Recorder, list[str]]]:
    """A recorder, and what it says; at the end it has written everything."""
    folder = reports / "com.example.app" / "session"
    folder.mkdir(parents=True)
    said: list[str] = []
    recorder = Recorder(folder, reports, lambda _, text: said.append(text), bound_mb=bound_mb)
    try:
        yield recorder, said
    finally:
        assert recorder.stop(20)


def put(recorder: Recorder, events: Events) -> None:
    for event in events:
        recorder.put(event)


def test_a_journal_that_reaches_its_bound_stops_whole_and_both_reports_say_since_when(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither learns what the journal does not hold, so that they are the same; what is told of ourselves still is."""
    monkeypatch.setattr(reporter_module, "REFRESH_S", 0.05)
    with recording(tmp_path / "reports", 1) as (recorder, told):
        put(recorder, SESSION)
        assert eventually(lambda: (recorder.folder / "journal.jsonl").read_bytes().count(b"\n") == len(SESSION))
        pad = [replace(*tool_failed("pad"), at_s=START_S + 9, error="x" * 1000) for _ in range(1000)]
        put(recorder, [*placed(refused_alert("cdn.example.net")[:-1], 50, START_S + 10), *pad])
        assert eventually(lambda: (recorder.folder / "journal.jsonl").stat().st_size > 1_000_000)
        missed = placed(refused_alert("cdn.example.net")[-1:], 50, START_S + 20) + placed(
            accepted("login.example.com"), 51, START_S + 60
        )
        put(recorder, missed)
        assert eventually(lambda: "recording_stopped" in (recorder.folder / "report.json").read_text())
        put(recorder, placed(accepted("login.example.com"), 52, START_S + 120))
        put(recorder, [SessionEnded(at_s=START_S + 200), *tool_failed("late")])
    assert len([line for line in told if "pinprobe_journal_mb" in line]) == 1
    lines = list(JournalReader(recorder.folder / "journal.jsonl"))
    stops = [event for event in lines if isinstance(event, RecordingStopped)]
    assert {(stop.since_s, stop.bound_mb) for stop in stops} == {(missed[0].at_s, 1)}
    assert stops[-1].missing == len(missed) + len(accepted("login.example.com"))
    assert SessionEnded(at_s=START_S + 200) in lines
    assert not any(isinstance(event, ConnectionEvent) and event.connection_id > 50 for event in lines)
    report = json.loads((recorder.folder / "report.json").read_text())
    assert report["session"]["ended_at"] == iso(missed[0].at_s), "it ended when recording did"
    (notice,) = (one for one in report["notices"] if one["id"] == "recording_stopped")
    assert f"at {iso(missed[0].at_s)}" in notice["text"] and f" {stops[-1].missing} facts" in notice["text"]
    assert any("failed in late" in one["text"] for one in report["notices"])
    assert main(["report", str(recorder.folder), "--out", str(tmp_path / "out")]) == 0
    for name in ("report.html", "report.json"):
        assert (tmp_path / "out" / name).read_bytes() == (recorder.folder / name).read_bytes()
