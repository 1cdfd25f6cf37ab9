"""second_stack, mixed_by_stack: two TLS stacks at one endpoint."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import CONSCRYPT, FLUTTER, Events, journal
from tests.rooms import answer

from pinprobe.signals import State
from pinprobe.signals.stacks import MIXED_BY_STACK, SECOND_STACK

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
NO = b.refused_alert()
OTHER, OTHER_NO = b.accepted(stack=FLUTTER), b.refused_alert(stack=FLUTTER)

CASES: dict[str, tuple[Events, State, State]] = {
    # the refusing stack's second_stack, mixed_by_stack
    "one stack": (journal(NO, NO), U, U),
    "the other begins after the refusal": (journal(NO, NO, OTHER), P, A),
    "the other begins between two refusals": (journal(NO, OTHER, NO), P, A),
    "the other was there before": (journal(OTHER, NO, NO), A, P),
    "the other was there before, and goes on": (journal(OTHER, NO, NO, OTHER), A, P),
    "one refusal is an accident": (journal(NO, OTHER), A, A),
    "the other refuses as well": (journal(NO, NO, OTHER, OTHER_NO), A, A),
    "the other is only relayed": (journal(NO, NO, b.relayed_ok(stack=FLUTTER)), U, U),
    "the other is neutral": (journal(NO, NO, b.silent(stack=FLUTTER)), A, A),
    "this one accepts as well": (journal(NO, NO, b.accepted(), OTHER), A, A),
    "the other is at another host": (journal(NO, NO, b.accepted("cdn.example.net", stack=FLUTTER)), U, U),
}


@pytest.mark.parametrize(("events", "second", "mixed"), CASES.values(), ids=CASES.keys())
def test_states(events: Events, second: State, mixed: State) -> None:
    assert answer(SECOND_STACK, events, stack=CONSCRYPT).state is second
    assert answer(MIXED_BY_STACK, events, stack=CONSCRYPT).state is mixed


def test_the_accepting_stack_says_nothing_and_is_named() -> None:
    events = journal(OTHER, NO, NO)
    assert answer(MIXED_BY_STACK, events, stack=FLUTTER).state is A
    assert answer(MIXED_BY_STACK, events, stack=CONSCRYPT).note == FLUTTER
