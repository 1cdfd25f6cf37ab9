"""Lines of a journal: what is read back is what was written, and everything else is refused in one way."""

from __future__ import annotations

from pinprobe import events as ev
from stressing.fuzz import journals
from stressing.fuzz.json_values import json_mutated
from stressing.fuzz.target import Broken, Check, Target


def _prepare() -> Check:
    def check(data: bytes) -> None:
        try:
            event = ev.from_json(data)
        except ev.EventError:
            return
        line = ev.to_json(event)
        if not line.isascii() or "\n" in line or ev.from_json(line) != event or ev.to_json(ev.from_json(line)) != line:
            raise Broken("the event is not what its line says")

    return check


TARGET = Target(
    name="events",
    about="lines of a journal: read back as they were written, or refused",
    prepare=_prepare,
    seeds=journals.every_kind,
    mutate=json_mutated,
)
