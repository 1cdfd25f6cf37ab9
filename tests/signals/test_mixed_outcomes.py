"""mixed_outcomes: one stack refuses and accepts at one endpoint, in no order."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import Events, journal
from tests.rooms import answer
from tests.rounds import Part, story, with_controls

from pinprobe.signals import State
from pinprobe.signals.mixed_outcomes import MIXED_OUTCOMES

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
YES, NO, AFTER = b.accepted(), b.refused_alert(), b.pinned_after_handshake()


def slow_close() -> Events:
    return [*b.began(), b.established(), b.closed(0.9)]


def closes(at_s: float) -> list[Part]:
    """Several sockets, given up at once."""
    return [(at_s + 0.1 * number, slow_close()) for number in range(3)]


CASES: dict[str, tuple[Events, State]] = {
    "in turns": (journal(NO, YES, NO, YES), P),
    "in turns, closed after the handshake": (journal(*[AFTER, YES] * 3), P),
    "in turns, closed after the handshake twice": (journal(*[AFTER, YES] * 2), U),
    "one alert and one close": (journal(NO, YES, AFTER, YES), U),
    "one alert and two closes": (journal(NO, YES, AFTER, YES, AFTER), U),
    "one alert and three closes": (journal(NO, YES, *[AFTER, YES] * 3), P),
    "two alerts and one close": (journal(NO, YES, AFTER, YES, NO), P),
    # -- cancellations
    "one in five closed": (journal(*[AFTER, *[YES] * 4] * 3), P),
    "fewer than one in five closed": (journal(*[AFTER, *[YES] * 4] * 3, YES), U),
    "two cancellations among forty": (journal(*[YES] * 20, AFTER, *[YES] * 10, AFTER, *[YES] * 10), U),
    "an alert in twenty": (journal(NO, *[YES] * 18, NO, *[YES] * 18), P),
    "two alerts among forty closes": (journal(NO, *[AFTER, YES] * 4, NO, *[YES] * 40), P),
    "closes of one moment count once": (story(*closes(10.0), (20.0, YES), *closes(30.0), (40.0, YES)), U),
    "closes of three moments": (story(*[part for at in (10, 30, 50) for part in [*closes(at), (at + 10, YES)]]), P),
    "closes that overlap in a row count once": (
        story((1.0, YES), *[(10.0 + 0.8 * n, slow_close()) for n in range(9)], (40.0, YES)),
        U,
    ),
    "closes one after the other": (
        story((1.0, YES), *[(10.0 + 1.0 * n, slow_close()) for n in range(3)], (40.0, YES)),
        P,
    ),
    # -- two devices
    "one device refuses, another accepts": (journal(*[b.refused_alert(client=2), YES] * 3), U),
    "one device closes, another accepts": (journal(*[b.pinned_after_handshake(client=2), YES] * 3), U),
    "one device refuses and accepts, another accepts": (
        journal(*[b.refused_alert(client=2), b.accepted(client=2), YES] * 3),
        P,
    ),
    "one device refuses, another does both": (journal(*[b.refused_alert(client=2), NO, YES] * 2), P),
    "one device lacks the CA, and another refuses a CA that nobody trusts": (
        journal(*[b.refused_alert(client=2), YES, b.refused_unknown_ca("api.example.com")] * 3),
        U,
    ),
    "refused again at the end": (journal(NO, NO, YES, YES, NO), P),
    "accepted again at the end": (journal(YES, YES, NO, NO, YES), P),
    "refused once at the beginning": (journal(NO, YES, YES, NO, NO), P),
    "refused, then accepted": (journal(NO, NO, YES, YES), A),
    "accepted, then refused": (journal(YES, YES, NO, NO), A),
    "two apps on one host that nobody tells apart": (journal(*[YES, NO] * 3), P),
}


@pytest.mark.parametrize(("events", "state"), CASES.values(), ids=CASES.keys())
def test_states(events: Events, state: State) -> None:
    assert answer(MIXED_OUTCOMES, with_controls(events)).state is state
