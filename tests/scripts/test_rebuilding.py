"""Made-up journals are journals, and what is measured over them runs, at a small size."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from benchmarks import rebuild
from measuring.journals import write_journal
from measuring.outcome import Settings
from pinprobe.cli import main
from pinprobe.events import SessionEnded
from pinprobe.journal import JournalReader
from stressing import soak


def settings(folder: Path) -> Settings:
    return Settings(folder=folder, long=False, seed=7, say=lambda _: None)


def test_every_line_of_a_journal_is_accepted_in_the_order_of_time(tmp_path: Path) -> None:
    written = write_journal(tmp_path / "journal.jsonl", seed=1, hosts=60, connections=2000)
    events = list(JournalReader(written.path))
    assert len(events) == written.events and written.connections == 2000
    assert [event.at_s for event in events] == sorted(event.at_s for event in events)
    kinds = Counter(type(event).__name__ for event in events)
    assert kinds["ConnectionOpened"] > 1900 and kinds["HostKnown"] == 60
    assert isinstance(events[-1], SessionEnded) and len(kinds) > 20


def test_the_same_seed_writes_the_same_journal_and_another_seed_another(tmp_path: Path) -> None:
    contents = [
        write_journal(tmp_path / f"{number}.jsonl", seed=seed, hosts=9, events=3000).path.read_bytes()
        for number, seed in enumerate((1, 1, 2))
    ]
    assert contents[0] == contents[1] != contents[2]
    assert {content.count(b"\n") for content in contents} == {3000}


def test_a_made_up_session_has_verdicts_of_all_kinds(tmp_path: Path) -> None:
    written = write_journal(tmp_path / "journal.jsonl", seed=1, hosts=40, connections=1500)
    assert main(["report", str(written.path)]) == 0
    report = json.loads((tmp_path / "report.json").read_text())
    found = {one["verdict"] for one in report["endpoints"]}
    assert found >= {"unpinned", "pinned", "not_tested"}


def test_rebuilding_is_measured(tmp_path: Path) -> None:
    outcome = rebuild.measure(settings(tmp_path), (2000, 4000), 10)
    assert [row[0] for row in outcome.rows] == ["2000", "4000"] and not outcome.wrong


def test_a_soak_tells_its_curve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = soak.soak(settings(tmp_path), connections=1200, hosts=10)
    assert len(outcome.rows) >= 10 and not outcome.wrong
    monkeypatch.setattr(soak, "MOST_MB", 1.0)
    (tmp_path / "again").mkdir()
    assert soak.soak(settings(tmp_path / "again"), connections=400, hosts=10).wrong
