"""gave_up_checking: all refusals came before all accepts."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import START_S, Events, journal, placed
from tests.rooms import answer
from tests.rounds import story, with_controls

from pinprobe.signals import State
from pinprobe.signals.gave_up_checking import GAVE_UP_CHECKING
from pinprobe.thresholds import EMPTIES_KEPT

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
YES, NO, AFTER = b.accepted(), b.refused_alert(), b.pinned_after_handshake()
CANCELLED = [*b.began(), b.established(), b.closed(0.9)]

CASES: dict[str, tuple[Events, State]] = {
    "refused, then accepted": (journal(NO, NO, YES, YES), P),
    "closed after the handshake three times, then accepted": (journal(*[AFTER] * 3, *[YES] * 3), P),
    "closed after the handshake twice, then accepted": (journal(*[AFTER] * 2, *[YES] * 9), U),
    "closed three times, then accepted twice": (journal(*[AFTER] * 3, YES, YES), U),
    "closed five times, then accepted twice": (journal(*[AFTER] * 5, YES, YES), P),
    "closed four times, then accepted twice": (journal(*[AFTER] * 4, YES, YES), U),
    "closed three times at once, then accepted": (
        story(*[(10 + n / 10, CANCELLED) for n in range(3)], *[(20.0 + 5 * n, YES) for n in range(9)]),
        U,
    ),
    "one alert and one close, then accepted": (journal(NO, AFTER, *[YES] * 9), U),
    "closed three times, accepted, and closed again": (journal(*[AFTER] * 3, *[YES] * 3, AFTER), A),
    "another device refused": (journal(*[b.refused_alert(client=2)] * 3, *[YES] * 3), U),
    "another device closed": (journal(*[b.pinned_after_handshake(client=2)] * 3, *[YES] * 3), U),
    "two devices did": (journal(NO, b.refused_alert(client=2), YES, b.accepted(client=2)), P),
    "relayed in between": (journal(NO, b.relayed_ok(), NO, YES, b.relayed_ok(), YES), P),
    "refused again": (journal(NO, NO, YES, YES, NO), A),
    "refused once more in between": (journal(NO, NO, YES, NO, YES), A),
    "accepted, then refused": (journal(YES, YES, NO, NO), A),
    "refused once": (journal(NO, YES, YES), U),
    "accepted once": (journal(NO, NO, YES), U),
    "a spare socket beside the last accept": (
        [*journal(NO, NO, YES, YES), *placed(AFTER, 9, START_S + 4.2)],
        P,
    ),
}


@pytest.mark.parametrize(("events", "state"), CASES.values(), ids=CASES.keys())
def test_states(events: Events, state: State) -> None:
    assert answer(GAVE_UP_CHECKING, with_controls(events, first=True)).state is state


def test_more_refusals_than_are_kept_do_not_hide_the_last_one() -> None:
    many = [(5.0 * number, NO) for number in range(EMPTIES_KEPT)]
    end_s = 5.0 * EMPTIES_KEPT
    gave_up = [*many, (end_s, YES), (end_s + 5, YES)]
    assert answer(GAVE_UP_CHECKING, story(*gave_up)).state is P
    assert answer(GAVE_UP_CHECKING, story(*gave_up, (end_s + 10, NO))).state is A


def test_closes_at_first_may_be_a_network_that_comes_up() -> None:
    closed_first = journal(*[AFTER] * 3, *[YES] * 9)
    assert answer(GAVE_UP_CHECKING, closed_first).state is U
    assert answer(GAVE_UP_CHECKING, with_controls(closed_first)).state is U
    assert answer(GAVE_UP_CHECKING, with_controls(closed_first, 2, first=True)).state is U
    assert answer(GAVE_UP_CHECKING, with_controls(closed_first, 3, first=True)).state is P
