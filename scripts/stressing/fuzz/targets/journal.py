"""Whole journals, as a killed process, a bad disk or a stranger leaves them."""

from __future__ import annotations

import hashlib

from pinprobe.events import SessionStarted
from pinprobe.journal import JournalError, JournalReader
from stressing.fuzz import journals
from stressing.fuzz.scratch import Scratch
from stressing.fuzz.target import Broken, Check, Target


def _prepare() -> Check:
    scratch = Scratch("journal.jsonl")

    def check(data: bytes) -> None:
        reader = JournalReader(scratch.holding(data))
        try:
            events = list(reader)
        except JournalError as error:
            if str(scratch.path) not in str(error):
                raise Broken(f"does not name the file: {error}") from error
            return
        if not isinstance(events[0], SessionStarted) or any(isinstance(one, SessionStarted) for one in events[1:]):
            raise Broken("a session that begins twice, or never")
        read = data if not reader.torn else data[: data.rfind(b"\n") + 1]
        if hashlib.sha256(read).hexdigest() != reader.sha256 or read.count(b"\n") != len(events):
            raise Broken("not what was in the file")

    return check


TARGET = Target(
    name="journal",
    about="whole journals, torn, damaged or foreign",
    prepare=_prepare,
    seeds=journals.sessions,
    mutate=journals.journal_mutated,
)
