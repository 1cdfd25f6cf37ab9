"""A program for test_recorder.py: a recorder whose disk is full for a while.

The limit is the kernel's own (RLIMIT_FSIZE): a write is cut in the middle of a line, as on a disk without room, and
goes on when the limit is lifted. Prints as JSON what was said, and how large the journal was meanwhile.

That `put` never waits for the disk shows in the order of things alone: all is told before the limit is lifted.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.builders import Events, accepted, journal, refused_alert, relayed_ok

from pinprobe import journal as journal_module
from pinprobe.events import SessionEnded, to_json
from pinprobe.mitm import recorder as recorder_module
from pinprobe.mitm import reporter as reporter_module
from pinprobe.mitm.recorder import Recorder

ROOM = 37
"""Bytes that the disk still takes: less than a line."""


def parts() -> tuple[Events, Events, Events]:
    """What is told before, during and still during the trouble."""
    events = journal(*[accepted(), refused_alert("login.example.com"), relayed_ok("login.example.com")] * 8)
    return events[:40], events[40:90], events[90:]


def wait_for(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.01)


def limit(size: int) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))


def main(reports: Path, lifted: bool, memory: int) -> None:
    recorder_module.FLUSH_S, recorder_module.RETRY_S, reporter_module.REFRESH_S = 0.02, 0.1, 0.2
    folder = reports / "com.example.app" / "session"
    folder.mkdir(parents=True)
    path = folder / "journal.jsonl"
    said: list[str] = []
    recorder = Recorder(folder, reports, lambda level, text: said.append(text))

    def tell(events: Events) -> None:
        for event in events:
            recorder.put(event)

    def told(text: str) -> bool:
        return any(text in line for line in list(said))

    before, during, still = parts()
    tell(before)
    size = sum(len(to_json(event)) + 1 for event in before)
    wait_for(lambda: path.stat().st_size == size)
    limit(size + ROOM)
    journal_module.PENDING_BYTES = memory
    tell(during)
    wait_for(lambda: told(f"cannot write {path}"))
    wait_for(lambda: told("report.html: File too large"))
    tell(still)
    time.sleep(0.3)
    full = path.stat().st_size
    if lifted:
        limit(resource.RLIM_INFINITY)
        wait_for(lambda: told(f"writing {path} again"))
        recorder.put(SessionEnded(at_s=still[-1].at_s + 1.0))
    stopped = recorder.stop(20)
    sizes = {"before": size, "full": full, "after": path.stat().st_size}
    print(json.dumps({"said": said, "stopped": stopped, **sizes}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] == "lifted", int(sys.argv[3]))
