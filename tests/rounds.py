"""Connections at moments of one's own choice, and the rounds of an experiment: what happens after what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tests import builders as b
from tests.builders import START_S, Events

ROUND_S = 20.0
"""From the beginning of a round to that of the next: far beyond the window in which one thing follows another."""
STEP_S = 1.0
"""From the beginning of a connection to that of the next one in the same round."""

Part = tuple[float, Events]
"""When a connection begins, in seconds from the journal's beginning, and what it is."""


def story(*parts: Part, **of_session: object) -> Events:
    """Connections numbered by their place, each beginning at its second; all events in the order of time."""
    events: Events = []
    for number, (at_s, connection) in enumerate(parts, start=1):
        events += b.placed(connection, number, START_S + at_s)
    events.sort(key=lambda event: event.at_s)
    return [b.session(**of_session), *events]


def rounds(*of: Sequence[Events], start_s: float = ROUND_S) -> list[Part]:
    """Each round a while after the one before, its connections one second apart."""
    return [
        (start_s + ROUND_S * number + STEP_S * place, connection)
        for number, connections in enumerate(of)
        for place, connection in enumerate(connections)
    ]


def told(*of: Sequence[Events], **of_session: object) -> Events:
    """The journal of these rounds."""
    return story(*rounds(*of), **of_session)


def with_controls(events: Events, number: int = 30, *, first: bool = False) -> Events:
    """The same journal, and afterwards (or first) relayed connections that work: what ended others is not the network."""
    begin_s = START_S + 1.0 if first else max(event.at_s for event in events) + 10.0
    relays = [b.placed(b.relayed_ok(), 1000 + at, begin_s + 5.0 * at) for at in range(number)]
    shift_s = 5.0 * number + 10.0 if first else 0.0
    later = [replace(event, at_s=event.at_s + shift_s) for event in events[1:]]
    return [events[0], *sorted([*later, *(event for relay in relays for event in relay)], key=lambda event: event.at_s)]


def times(number: int, *connections: Events) -> list[Sequence[Events]]:
    """The same round so many times."""
    return [connections] * number
