"""Journals of any size, quickly: each shape is rendered once per host, and then only numbered and timed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from measuring.journals.shapes import (
    APP,
    CLIENTS,
    EARLIER,
    HABITS,
    START_S,
    Client,
    Events,
    Shape,
    first_seen,
    pin,
    relayed,
)
from pinprobe import __version__
from pinprobe import events as ev

EVERY_S = 0.05
"""Between the openings of two connections."""
BLOCK = 512
"""Connections that are drawn at a time."""
CONTROL = 300
"""So many connections come before the experiment, and are relayed."""
NUMBER = 123_456_789
"""Stands for the connection's own number."""

Line = tuple[float, str]
"""Seconds after its connection began, and a template for time (at), number and earlier connection."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a journal holds."""

    path: Path
    connections: int
    events: int


def write_journal(path: Path, *, seed: int, hosts: int, connections: int = 0, events: int = 0) -> Written:
    """Write a session with so many connections, or with so many events, over so many hosts."""
    counted = opened = 0
    with path.open("w", encoding="ascii") as file:
        file.write(f"{ev.to_json(_session(seed))}\n")
        for number, lines in _blocks(seed, hosts, connections):
            taken = lines[: events - 2 - counted] if events else lines
            file.writelines(taken)
            opened, counted = number, counted + len(taken)
            if events and counted == events - 2:
                break
        file.write(f"{ev.to_json(ev.SessionEnded(at_s=START_S + opened * EVERY_S + 3600.0))}\n")
    return Written(path=path, connections=opened, events=counted + 2)


def _session(seed: int) -> ev.SessionStarted:
    return ev.SessionStarted(
        at_s=START_S,
        schema_version=ev.SCHEMA_VERSION,
        session_id="20260102-100000-made",
        tool_version=__version__,
        mitmproxy_version="12.0.0",
        openssl_version="OpenSSL 3.5.0",
        python_version="3.13.0",
        ca_pin_sha256=pin("ours"),
        app_id=APP,
        mode="experiment",
        ca_store="system",
        first_party=("shop.test",),
        connection_strategy="eager",
        seed=seed,
        probes=(),
        contrasts=True,
        phase=ev.CONTROL,
    )


class _Host:
    """One host: how it behaves, and what was rendered of it."""

    def __init__(self, chance: random.Random, number: int) -> None:
        self.name = f"host-{number}.{('shop', 'cdn', 'metrics', 'weather')[number % 4]}-{number % 97}.test"
        _, weights = chance.choices(list(HABITS.values()), weights=[share for share, _ in HABITS.values()])[0]
        self._shapes, self._weights = list(weights), list(weights.values())
        self._clients = chance.choices(CLIENTS, weights=(60, 12, 8, 5, 10, 5), k=chance.choice((1, 1, 2)))
        self._lines: dict[tuple[Shape, Client], list[Line]] = {}
        self.first = 0
        """The number of its first connection."""

    def drawn(self, chance: random.Random, *, control: bool) -> list[Line]:
        """The lines of one more connection."""
        shape = relayed if control else chance.choices(self._shapes, weights=self._weights)[0]
        client = chance.choice(self._clients)
        if not self.first:
            return _rendered([*first_seen(self.name), *shape(client, self.name, False)])
        if (shape, client) not in self._lines:
            self._lines[shape, client] = _rendered(shape(client, self.name, True))
        return self._lines[shape, client]


def _rendered(events: Events) -> list[Line]:
    return [(event.at_s, _template(event)) for event in events]


def _template(event: ev.Event) -> str:
    numbered = replace(event, connection_id=NUMBER) if isinstance(event, ev.ConnectionEvent) else event
    text = ev.to_json(replace(numbered, at_s=0.0)).replace("%", "%%")
    return (
        text.replace('"at_s":0.0', '"at_s":%(at)r', 1)
        .replace(str(NUMBER), "%(number)d")
        .replace(str(EARLIER), "%(earlier)d")
        + "\n"
    )


def _blocks(seed: int, hosts: int, connections: int) -> Iterator[tuple[int, list[str]]]:
    """Lines in the order of time, some at a time, with the number of connections so far; no end unless one is given."""
    chance = random.Random(seed)
    places = [_Host(chance, number) for number in range(hosts)]
    waiting: list[tuple[float, int, str]] = []
    number = order = 0
    while not connections or number < connections:
        for host in chance.choices(places, k=min(BLOCK, connections - number) if connections else BLOCK):
            number += 1
            began_s = START_S + (number + chance.random()) * EVERY_S
            lines = host.drawn(chance, control=number <= CONTROL)
            host.first = host.first or number
            for after_s, template in lines:
                order += 1
                at_s = round(began_s + after_s, 6)
                waiting.append((at_s, order, template % {"at": at_s, "number": number, "earlier": host.first}))
            if number == CONTROL:
                marked = ev.Marked(at_s=began_s, phase=ev.TEST, source="command")
                waiting.append((began_s, order, f"{ev.to_json(marked)}\n"))
        waiting.sort()
        # What comes later than the next block begins has to wait for it.
        until_s = START_S + number * EVERY_S
        ready = next((place for place, (at_s, _, _) in enumerate(waiting) if at_s >= until_s), len(waiting))
        yield number, [line for _, _, line in waiting[:ready]]
        del waiting[:ready]
    yield number, [line for _, _, line in waiting]
