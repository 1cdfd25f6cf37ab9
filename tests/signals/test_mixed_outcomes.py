"""mixed_outcomes, gave_up_checking, late_enforcement: one stack refuses and accepts, and in which order?"""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import FLUTTER, Events, journal
from tests.rooms import answer

from pinprobe.signals import Card, State
from pinprobe.signals.mixed_outcomes import GAVE_UP_CHECKING, LATE_ENFORCEMENT, MIXED_OUTCOMES

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
YES, NO, AFTER = b.accepted(), b.refused_alert(), b.pinned_after_handshake()
DOUBTFUL = b.pinned_after_handshake(sni=False)

CASES: dict[str, tuple[Events, State, State, State]] = {
    # mixed, gave up, late
    "in no order": (journal(NO, YES, NO, YES), P, A, A),
    "in no order, after the handshake": (journal(AFTER, YES, AFTER, YES), P, A, A),
    "refused first": (journal(NO, NO, YES, YES), A, P, A),
    "accepted first": (journal(YES, YES, NO, NO), A, A, P),
    "refused again at the end": (journal(NO, NO, YES, YES, NO), P, A, A),
    "refused once at the beginning": (journal(NO, YES, YES, NO, NO), P, A, A),
    "one refusal": (journal(YES, YES, YES, NO), U, U, U),
    "one accept": (journal(NO, NO, NO, YES), U, U, U),
    "never refused": (journal(YES, YES), A, A, A),
    "never accepted": (journal(NO, NO), A, A, A),
    "relayed only": (journal(b.relayed_ok()), U, U, U),
    "refused by another stack": (
        journal(YES, YES, *[b.refused_alert(stack=FLUTTER)] * 2),
        A,
        A,
        A,
    ),
    "refused under an unknown CA": (journal(YES, YES, *[b.refused_alert(probe_id="unknown_ca")] * 2), A, A, A),
    "closed without alert": (journal(YES, YES, *[b.closed_in_handshake()] * 4, every_s=5.0), A, A, A),
    "spare sockets beside data": (journal(YES, AFTER, YES, AFTER, every_s=0.5), A, A, A),
    "closes that a missing SNI explains": (journal(b.accepted(sni=False), YES, DOUBTFUL, DOUBTFUL), A, A, A),
}


@pytest.mark.parametrize(("events", "mixed", "gave_up", "late"), CASES.values(), ids=CASES.keys())
def test_states(events: Events, mixed: State, gave_up: State, late: State) -> None:
    assert answer(MIXED_OUTCOMES, events).state is mixed
    assert answer(GAVE_UP_CHECKING, events).state is gave_up
    assert answer(LATE_ENFORCEMENT, events).state is late


@pytest.mark.parametrize("card", [MIXED_OUTCOMES, GAVE_UP_CHECKING, LATE_ENFORCEMENT], ids=lambda card: card.id)
def test_at_most_one_of_them(card: Card) -> None:
    """Over every order of two refusals and two accepts."""
    orders = [[NO, NO, YES, YES], [NO, YES, NO, YES], [NO, YES, YES, NO], [YES, NO, NO, YES], [YES, YES, NO, NO]]
    present = [
        [c.id for c in (MIXED_OUTCOMES, GAVE_UP_CHECKING, LATE_ENFORCEMENT) if answer(c, journal(*order)).state is P]
        for order in orders
    ]
    assert all(len(ids) == 1 for ids in present)
    assert any(card.id in ids for ids in present)


def test_a_spare_socket_does_not_disturb_the_order() -> None:
    """Two refusals, then accepts; the last accept has a spare socket beside it."""
    spare = b.placed(AFTER, 9, b.START_S + 4.2)
    assert answer(GAVE_UP_CHECKING, [*journal(NO, NO, YES, YES), *spare]).state is P


def test_counts_are_of_the_rarer_kind() -> None:
    signal = answer(MIXED_OUTCOMES, journal(NO, YES, NO, YES, YES, YES))
    assert (signal.count, signal.of) == (2, 6)
