"""Sessions as the proxy leaves them on disk, and the command line as a function."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.builders import Events, accepted, journal, refused_alert, relayed_ok, session
from tests.experiments import HOUR_S, later

from pinprobe.cli import main
from pinprobe.events import to_json

APP = "com.example.app"
EVENTS = journal(accepted(), accepted(), refused_alert("login.example.com"), relayed_ok("login.example.com"))
Output = pytest.CaptureFixture[str]


def lines(events: Events) -> bytes:
    """A journal's bytes."""
    return b"".join(to_json(event).encode() + b"\n" for event in events)


def run(*arguments: str | Path) -> int:
    """The exit code, also where argparse itself ends the program."""
    try:
        return main([str(argument) for argument in arguments])
    except SystemExit as end:
        assert isinstance(end.code, int)
        return end.code


def made(reports: Path, events: Events, session_id: str, app: str = APP) -> Path:
    """A session's folder below a folder of reports."""
    folder = reports / app / session_id
    folder.mkdir(parents=True)
    (folder / "journal.jsonl").write_bytes(lines(events))
    return folder


def recorded(reports: Path, store: str, *connections: Sequence[Any], number: int = 0, **of_session: Any) -> Path:
    """The folder of the session with this number, with the CA in this store."""
    session_id = f"s{number}"
    events = journal(*connections, **{"ca_store": store, "session_id": session_id, **of_session})
    return made(reports, later(events, HOUR_S * number), session_id, str(of_session.get("app_id", APP)))


def one_session(tmp_path: Path) -> Path:
    """A session of some variety."""
    return made(tmp_path / "reports", EVENTS, session().session_id)
