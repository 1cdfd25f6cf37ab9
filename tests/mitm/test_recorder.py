"""The thread that writes: all events, in order, soon; also when the disk refuses for a while.

It takes more than 300 lines, since every trouble is tried on the same recorder and against the same two reports.
"""

from __future__ import annotations

import json
import logging
import re
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.builders import (
    START_S,
    Events,
    accepted,
    attributed,
    journal,
    placed,
    refused_alert,
    refused_unknown_ca,
    relayed_ok,
)
from tests.mitm.full_disk import ROOM, parts
from tests.rooms import judged
from tests.waiting import eventually

from pinprobe.cli import main
from pinprobe.events import UNWRITTEN, WRITTEN_AGAIN, ToolFailed, to_json
from pinprobe.journal import PENDING_BYTES, JournalReader
from pinprobe.mitm import reporter as reporter_module
from pinprobe.mitm.recorder import Recorder
from pinprobe.mitm.reporter import verdict_line
from pinprobe.mitm.reporting import Show

ROOT = Path(__file__).parents[2]
LOGIN, CDN = "login.example.com", "cdn.example.net"


class Told(list[tuple[int, str]]):
    """What the recorder said."""

    def having(self, text: str) -> list[str]:
        return [line for _, line in self if text in line]


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    return tmp_path / "reports"


@contextmanager
def recording(reports: Path, show: Show | None = None) -> Iterator[tuple[Recorder, Told]]:
    """A recorder; at the end it has written everything."""
    folder = reports / "com.example.app" / "session"
    folder.mkdir(parents=True)
    told = Told()
    recorder = Recorder(folder, reports, lambda level, text: told.append((level, text)), show=show)
    try:
        yield recorder, told
    finally:
        assert recorder.stop(20)


def put(recorder: Recorder, events: Events) -> None:
    for event in events:
        recorder.put(event)


def has_lines(recorder: Recorder, number: int) -> bool:
    return (recorder.folder / "journal.jsonl").read_bytes().count(b"\n") == number


def in_journal(folder: Path) -> Events:
    return list(JournalReader(folder / "journal.jsonl"))


def rebuilt_is_the_same(folder: Path, out: Path) -> bool:
    """The report of the running proxy, and the one made from the journal."""
    assert main(["report", str(folder), "--out", str(out)]) == 0
    return all((out / name).read_bytes() == (folder / name).read_bytes() for name in ("report.html", "report.json"))


SESSION = journal(accepted(), refused_alert(LOGIN), relayed_ok(LOGIN), refused_alert(LOGIN))


def test_everything_is_written_in_order(reports: Path, tmp_path: Path) -> None:
    with recording(reports) as (recorder, told):
        put(recorder, SESSION)
    assert in_journal(recorder.folder) == SESSION
    assert rebuilt_is_the_same(recorder.folder, tmp_path / "out")
    assert (reports / "index.html").is_file()
    assert not [line for level, line in told if level > logging.INFO]


def test_an_event_is_in_the_file_within_a_second(reports: Path) -> None:
    with recording(reports) as (recorder, _):
        for number, event in enumerate(SESSION[:6], start=1):
            began = time.monotonic()
            recorder.put(event)
            assert eventually(partial(has_lines, recorder, number))
            assert time.monotonic() - began < 1.0


def test_reports_are_refreshed_while_it_runs(reports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporter_module, "REFRESH_S", 0.05)
    with recording(reports) as (recorder, _):
        put(recorder, SESSION[:10])
        report = recorder.folder / "report.json"
        assert eventually(report.exists)
        assert LOGIN not in report.read_text()
        put(recorder, SESSION[10:])
        assert eventually(lambda: LOGIN in report.read_text())


def test_what_is_rendered_is_shown_as_it_is_written(reports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporter_module, "REFRESH_S", 0.05)
    shown: list[Mapping[str, str]] = []
    with recording(reports, shown.append) as (recorder, _):
        put(recorder, SESSION[:10])
        assert eventually(lambda: shown)
        put(recorder, SESSION[10:])
    assert LOGIN not in shown[0]["report.json"] and LOGIN in shown[-1]["report.json"]
    for name in ("report.html", "report.json"):
        assert (recorder.folder / name).read_text(encoding="utf-8") == shown[-1][name]


def test_it_is_shown_also_where_it_cannot_be_written_and_written_where_it_cannot_be_shown(reports: Path) -> None:
    shown: list[Mapping[str, str]] = []
    with recording(reports, shown.append) as (recorder, told):
        (recorder.folder / "report.html").mkdir()
        put(recorder, SESSION)
    assert LOGIN in shown[-1]["report.html"] and told.having("report.html: Is a directory")

    def broken(_: Mapping[str, str]) -> None:
        raise ZeroDivisionError

    with recording(reports.with_name("others"), broken) as (recorder, told):
        put(recorder, SESSION)
    assert LOGIN in (recorder.folder / "report.json").read_text(encoding="utf-8")
    assert len(told.having("live page failed")) == 1


def test_each_verdict_is_said_once_and_again_when_it_changes(reports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporter_module, "JUDGE_S", 0.0)
    with recording(reports) as (recorder, told):
        put(recorder, journal(refused_alert(LOGIN), refused_alert(LOGIN), relayed_ok(LOGIN), ca_store="system"))
        assert eventually(lambda: told.having("unproven"))
        canary = [accepted(CDN), refused_unknown_ca(CDN), refused_unknown_ca(CDN)]
        for number, connection in enumerate(canary, start=10):
            put(recorder, placed(connection, number, START_S + number))
        assert eventually(lambda: told.having(f"{CDN}:443"))
        put(recorder, placed(refused_alert(LOGIN), 20, START_S + 30))
    assert [line.split("(")[1].split(")")[0] for line in told.having(f"{LOGIN}:443")] == ["unproven", "probable"]
    assert len(told.having(f"{CDN}:443")) == 1
    assert {level for level, _ in told} == {logging.INFO}


def test_what_is_undecided_is_not_said(reports: Path) -> None:
    with recording(reports) as (recorder, told):
        put(recorder, journal(refused_alert(LOGIN), relayed_ok(CDN)))
    assert told == []


def test_a_verdicts_line() -> None:
    line = verdict_line(judged(journal(accepted(), accepted())))
    assert line.startswith("pinprobe: unpinned (probable)")
    assert "api.example.com:443" in line and "requests decrypted" in line


def test_another_apps_line_says_whose_it_is() -> None:
    judgement = judged(journal(accepted(), accepted()))
    app_id = judgement.endpoint.app_id
    assert f"api.example.com:443 [{app_id}]  " in verdict_line(judgement, "com.another.app")
    assert verdict_line(judgement, app_id) == verdict_line(judgement)


def test_each_app_of_a_session_has_a_report_of_its_own(reports: Path) -> None:
    with recording(reports) as (recorder, _):
        put(recorder, journal(accepted(), attributed("com.another.app", refused_alert(LOGIN))))
        folder = recorder.folder
    for name in ("report.json", "report.html", "apps/com.another.app/report.json", "apps/com.another.app/report.html"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    other = json.loads((folder / "apps/com.another.app/report.json").read_text())
    assert [one["endpoint"]["host"] for one in other["endpoints"]] == [LOGIN]
    assert "apps/com.another.app/report.html" in (reports / "index.html").read_text()


# -- trouble ------------------------------------------------------------------------------------------


def on_a_full_disk(reports: Path, *, lifted: bool, memory: int = PENDING_BYTES) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.mitm.full_disk", reports, "lifted" if lifted else "for good", str(memory)],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT / 'addon'}:{ROOT / 'scripts'}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_full_disk_that_has_room_again(reports: Path, tmp_path: Path) -> None:
    """Nothing is lost, nothing is torn, and the proxy never waited."""
    found = on_a_full_disk(reports, lifted=True)
    assert found["stopped"]
    assert found["full"] == found["before"] + ROOM, "the last write was cut in the middle of a line"
    folder = reports / "com.example.app" / "session"
    before, during, still = parts()
    lines = (folder / "journal.jsonl").read_bytes().splitlines(keepends=True)
    ours = [line for line in lines if not re.match(rb'{"type":"(ToolFailed|SessionEnded)"', line)]
    assert ours == [to_json(event).encode() + b"\n" for event in (*before, *during, *still)]
    notices = [event for event in in_journal(folder) if isinstance(event, ToolFailed)]
    about = [(event.where, event.error.split(" since ")[0]) for event in notices]
    assert about.count((UNWRITTEN, "The journal could not be written")) == 1
    assert about.count((WRITTEN_AGAIN, "The journal is written again")) == 1
    assert all("nothing is missing" in event.error for event in notices if event.where == WRITTEN_AGAIN)
    assert sum(f"cannot write {folder / 'journal.jsonl'}: File too large" in line for line in found["said"]) == 1
    assert rebuilt_is_the_same(folder, tmp_path / "out")


def test_what_no_memory_is_left_for_is_in_neither_report(reports: Path, tmp_path: Path) -> None:
    found = on_a_full_disk(reports, lifted=True, memory=4000)
    assert found["stopped"]
    folder = reports / "com.example.app" / "session"
    told = [event.error for event in in_journal(folder) if isinstance(event, ToolFailed)]
    assert any(re.search(r"[1-9]\d* events are missing", text) for text in told)
    assert rebuilt_is_the_same(folder, tmp_path / "out")


def test_a_disk_that_stays_full(reports: Path) -> None:
    """What was written before is there, and the end is not delayed."""
    found = on_a_full_disk(reports, lifted=False)
    assert found["stopped"]
    assert found["after"] == found["full"] == found["before"] + ROOM
    reader = JournalReader(reports / "com.example.app" / "session" / "journal.jsonl")
    assert list(reader) == parts()[0]
    assert reader.torn
    assert sum("The proxy goes on" in line for line in found["said"]) >= 1
    assert any("events are not in" in line for line in found["said"])


def test_a_report_that_cannot_be_written_is_said_once_and_the_journal_goes_on(
    reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporter_module, "REFRESH_S", 0.0)
    with recording(reports) as (recorder, told):
        (recorder.folder / "report.html").mkdir()
        for number in range(3):
            put(recorder, SESSION if not number else placed(accepted(), 100 + number, START_S + 100 + number))
            time.sleep(0.4)
    assert len(told.having("report.html: Is a directory")) == 1
    kept = [event for event in in_journal(recorder.folder) if not isinstance(event, ToolFailed)]
    assert kept[: len(SESSION)] == SESSION and len(kept) > len(SESSION)


def test_trouble_that_has_passed_is_in_both_reports(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporter_module, "REFRESH_S", 0.0)
    with recording(reports) as (recorder, told):
        in_the_way = recorder.folder / "report.html"
        in_the_way.mkdir()
        put(recorder, SESSION)
        assert eventually(lambda: told.having("report.html: Is a directory"))
        in_the_way.rmdir()
    assert "The report is written again" in (recorder.folder / "report.json").read_text()
    assert rebuilt_is_the_same(recorder.folder, tmp_path / "out")


def test_a_bug_in_judging_is_a_notice_and_the_journal_is_whole(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("our bug")

    monkeypatch.setattr(reporter_module, "peers_of", broken)
    with recording(reports) as (recorder, told):
        put(recorder, SESSION)
    assert len(told.having("judging failed: ZeroDivisionError at mitm/reporter.py:")) == 1
    assert [event for event in in_journal(recorder.folder) if not isinstance(event, ToolFailed)] == SESSION


def test_what_json_cannot_hold_takes_nothing_else_with_it(reports: Path, tmp_path: Path) -> None:
    """Our own bug: it is told, and neither the journal nor the report has it."""
    with recording(reports) as (recorder, told):
        put(recorder, [*SESSION[:12], replace(SESSION[5], at_s=b"no number"), *SESSION[12:]])  # type: ignore[arg-type]
    assert [event for event in in_journal(recorder.folder) if not isinstance(event, ToolFailed)] == SESSION
    assert len(told.having("writing failed: TypeError")) == 1
    assert rebuilt_is_the_same(recorder.folder, tmp_path / "out")
