"""late_enforcement: all accepts came before all refusals."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import Events, journal
from tests.rooms import answer
from tests.rounds import story, with_controls

from pinprobe.signals import State
from pinprobe.signals.late_enforcement import LATE_ENFORCEMENT
from pinprobe.thresholds import EMPTIES_KEPT

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
YES, NO, AFTER = b.accepted(), b.refused_alert(), b.pinned_after_handshake()
CANCELLED = [*b.began(), b.established(), b.closed(0.9)]

CASES: dict[str, tuple[Events, State]] = {
    "accepted, then refused": (journal(YES, YES, NO, NO), P),
    "accepted, then closed after the handshake three times": (journal(*[YES] * 3, *[AFTER] * 3), P),
    "accepted, then closed after the handshake twice": (journal(*[YES] * 9, *[AFTER] * 2), U),
    "accepted twice, then closed three times": (journal(YES, YES, *[AFTER] * 3), U),
    "accepted twice, then closed four times": (journal(YES, YES, *[AFTER] * 4), U),
    "accepted twice, then closed five times": (journal(YES, YES, *[AFTER] * 5), P),
    "accepted, then closed three times at once": (
        story(*[(5.0 * n, YES) for n in range(9)], *[(60 + n / 10, CANCELLED) for n in range(3)]),
        U,
    ),
    "accepted, then one alert and one close": (journal(*[YES] * 9, NO, AFTER), U),
    "accepted, then another device refuses": (journal(*[YES] * 3, *[b.refused_alert(client=2)] * 3), U),
    "accepted, then another device closes": (journal(*[YES] * 3, *[b.pinned_after_handshake(client=2)] * 3), U),
    "accepted by two devices, then refused by both": (
        journal(YES, b.accepted(client=2), NO, b.refused_alert(client=2)),
        P,
    ),
    "relayed in between": (journal(YES, b.relayed_ok(), YES, NO, b.relayed_ok(), NO), P),
    "accepted again": (journal(YES, YES, NO, NO, YES), A),
    "refused, then accepted": (journal(NO, NO, YES, YES), A),
    "accepted once": (journal(YES, NO, NO), U),
    "refused once": (journal(YES, YES, NO), U),
    "a spare socket beside the first accept": (journal(YES, AFTER, YES, NO, NO, every_s=0.5), P),
}


@pytest.mark.parametrize(("events", "state"), CASES.values(), ids=CASES.keys())
def test_states(events: Events, state: State) -> None:
    assert answer(LATE_ENFORCEMENT, with_controls(events)).state is state


def test_more_refusals_than_are_kept_do_not_hide_the_first_one() -> None:
    accepts, end_s = [(5.0, YES), (10.0, YES)], 20.0 + 5.0 * EMPTIES_KEPT
    many = [(15.0 + 5.0 * number, AFTER) for number in range(EMPTIES_KEPT)]
    assert answer(LATE_ENFORCEMENT, with_controls(story(*accepts, *many))).state is P
    mixed = with_controls(story((0.0, AFTER), *accepts, *many, (end_s, AFTER)))
    assert answer(LATE_ENFORCEMENT, mixed).state is A


def test_closes_in_the_end_may_be_a_network_that_goes_down() -> None:
    closed_last = journal(*[YES] * 9, *[AFTER] * 5)
    assert answer(LATE_ENFORCEMENT, closed_last).state is U
    assert answer(LATE_ENFORCEMENT, with_controls(closed_last, first=True)).state is U
    assert answer(LATE_ENFORCEMENT, with_controls(closed_last, 1)).state is U
    assert answer(LATE_ENFORCEMENT, with_controls(closed_last, 3)).state is P
