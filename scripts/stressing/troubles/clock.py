"""The machine's clock is set: back by an hour, then forward by a day. By libfaketime, in the proxy's process alone; the
clocks that nobody sets go on as they do on a real machine."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

from stressing.troubles.trouble import Json, Stage, Trouble

LIBRARIES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib*/faketime/libfaketimeMT.so.1")
BACK, FORWARD, RIGHT = "-1h", "+1d", "+0"
BETWEEN_S = 1.5
LONGEST_S = 600.0
"""No session here lasts as long."""


def library() -> Path | None:
    """libfaketime, where it is installed."""
    return next((path for pattern in LIBRARIES for path in Path("/").glob(pattern[1:])), None)


def environment(offset: Path) -> dict[str, str]:
    """Of a process whose clock is as far off as the file says, at any time."""
    offset.write_text(RIGHT + "\n")
    return {
        "LD_PRELOAD": str(library()),
        "FAKETIME_TIMESTAMP_FILE": str(offset),
        "FAKETIME_NO_CACHE": "1",
        "DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
    }


def strike(stage: Stage) -> None:
    """Back, and soon after forward."""
    stage.offset.write_text(BACK + "\n")
    time.sleep(BETWEEN_S)
    stage.offset.write_text(FORWARD + "\n")


def relieve(stage: Stage) -> None:
    """It is right again."""
    stage.offset.write_text(RIGHT + "\n")


def wrong(report: Json) -> list[str]:
    """Times that cannot be."""
    session = report["session"]
    assert isinstance(session, dict)
    began, ended = (datetime.fromisoformat(session[name]) for name in ("started_at", "ended_at"))
    lasted_s = (ended - began).total_seconds()
    return [] if 0 <= lasted_s <= LONGEST_S else [f"the session lasted {lasted_s:.0f} s by its report"]


CLOCK = Trouble(
    name="clock set",
    about="the clock is set back by an hour and forward by a day",
    strike=strike,
    relieve=relieve,
    missing=lambda: "" if library() else "needs libfaketime: apt-get install faketime",
    said=(r"\] pinprobe: The machine's clock was set (back|forward) by ",),
    noticed=(r"The machine's clock was set (back|forward) by .* at \S+; times of this session go on from its start",),
    wrong=wrong,
)
