"""Journal lines that say again what an earlier one said, at another time and of another connection. Pure.

Connections to one host repeat most of their facts, and JSON takes longest to read. Besides, values that are read once are
one and the same object in all events, which compares quickly.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from pinprobe.events.base import ConnectionEvent, Event
from pinprobe.events.facts import ConnectionClosed, ExchangeRepeated, Relayed
from pinprobe.events.forms import Form

UNLIKE: tuple[type[ConnectionEvent], ...] = (ConnectionClosed, ExchangeRepeated, Relayed)
"""Facts that hold sizes or numbers, and hardly ever say the same again."""
KEPT, LONGEST_BYTES = 8192, 1024
"""How many are remembered, and how long each may be: some megabytes."""

_LINE = re.compile(
    rb'\{"type":"(?!(?:%s)")(\w+)","at_s":((?:0|[1-9]\d{0,14})\.\d{1,17}),"connection_id":(0|[1-9]\d{0,14})'
    rb'((?:,"|\}).*)' % "|".join(kind.__name__ for kind in UNLIKE).encode("ascii"),
    re.DOTALL,
)
"""As `to_json` writes it: the kind, time and number as JSON has them, and the rest."""

Said = tuple[Callable[..., Event], tuple[Any, ...]]
"""Makes the event, and its values behind time and number."""


class Again:
    """Reads the lines of connections, each rest of a line once."""

    def __init__(self, forms: Mapping[str, Form], parsed: Callable[[bytes], Any]) -> None:
        self._forms = forms
        self._parsed = parsed
        self._said: dict[tuple[bytes, bytes], Said] = {}
        """By kind and rest."""

    def read(self, line: bytes) -> Event | None:
        """The event, or None where the line wants a closer look."""
        found = _LINE.match(line)
        if found is None:
            return None
        kind, at_s, number, rest = found.groups()
        said = self._said.get((kind, rest)) or self._learn(kind, rest)
        if said is None:
            return None
        make, values = said
        return make(float(at_s), int(number), *values)

    def _learn(self, kind: bytes, rest: bytes) -> Said | None:
        form = self._forms.get(kind.decode("ascii"))
        if form is None or not issubclass(form.kind, ConnectionEvent) or len(rest) > LONGEST_BYTES:
            return None
        try:
            record = self._parsed(b"{" + rest.removeprefix(b","))
        except (ValueError, RecursionError):
            return None
        before: dict[str, Any] = {"at_s": 0.0, "connection_id": 0}
        if not before.keys().isdisjoint(record):  # told twice, and the last one counts
            return None
        values = form.values(before | record)
        if values is None:
            return None
        if len(self._said) >= KEPT:
            self._said.clear()
        said = self._said[kind, rest] = form.make, values[len(before) :]
        return said
