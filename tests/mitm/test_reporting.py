"""The reporter is loaded after the proxy's start, and nothing is lost by that."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.builders import accepted, journal
from tests.mitm.test_recorder import has_lines, in_journal, put, rebuilt_is_the_same, recording
from tests.waiting import eventually

from pinprobe.events import Event, ToolFailed
from pinprobe.mitm import reporter as reporter_module
from pinprobe.mitm.reporter import Reporter
from pinprobe.mitm.reporting import Reporting

ADDON = Path(__file__).parents[2] / "addon"
SESSION = journal(accepted("api.example.com"))
LATER = ("report.model", "report.html", "verdicts", "signals", "evidence", "policy", "declared", "applog", "advice")


def test_the_proxy_starts_without_the_rooms_after_the_journal() -> None:
    program = "import sys, pinprobe_addon; print(*sorted(sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ADDON, capture_output=True, text=True, check=True, timeout=60
    )
    loaded = set(run.stdout.split())
    assert "pinprobe.mitm.session" in loaded
    assert not loaded & {f"pinprobe.{room}" for room in LATER}


def test_what_is_told_before_it_is_loaded_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()

    class Late(Reporter):
        def __init__(self, *args: object, **kwargs: object) -> None:
            assert go_on.wait(20)
            super().__init__(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(reporter_module, "Reporter", Late)
    with recording(tmp_path / "reports") as (recorder, told):
        put(recorder, SESSION[:5])
        assert eventually(lambda: has_lines(recorder, 5))
        assert recorder.evidence is None
        put(recorder, SESSION[5:])
        assert eventually(lambda: has_lines(recorder, len(SESSION)))
        go_on.set()
        assert eventually(lambda: recorder.evidence is not None and len(recorder.evidence.endpoints) == 1)
    assert not told.having("failed")
    assert rebuilt_is_the_same(recorder.folder, tmp_path / "out")


def test_nobody_is_woken_where_nothing_is_new() -> None:
    woken: list[tuple[int, str]] = []

    class Counting(Reporter):
        def __init__(self) -> None: ...

        def tell(self, batch: Sequence[Event], sha256: str) -> None:
            woken.append((len(batch), sha256))

    def complain(where: str, error: Exception) -> None:
        raise error

    reporting = Reporting(Counting, complain)
    reporting.loaded()
    for batch, sha256 in ([], ""), (SESSION[:2], "a"), ([], "a"), ([], "a"), ([], "b"), ([], "b"), (SESSION[2:3], "b"):
        reporting.tell(batch, sha256)
    # A disk that takes what waited changes the journal's digest, without any more events.
    assert woken == [(2, "a"), (0, "b"), (1, "b")]


def test_where_it_cannot_be_loaded_the_journal_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pinprobe.mitm.reporter", None)
    with recording(tmp_path / "reports") as (recorder, told):
        recorder.loaded()
        put(recorder, SESSION)
    assert told.having("loading failed")
    assert recorder.evidence is None
    written: list[Event] = [event for event in in_journal(recorder.folder) if not isinstance(event, ToolFailed)]
    assert written == list(SESSION)
    assert [event.where for event in in_journal(recorder.folder) if isinstance(event, ToolFailed)] == ["loading"]
