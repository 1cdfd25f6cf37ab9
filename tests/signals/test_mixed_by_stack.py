"""mixed_by_stack: this TLS stack refuses every time, and another that was there before accepts."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import FLUTTER, Events, journal
from tests.rooms import answer
from tests.signals.test_other_stacks import proven

from pinprobe.signals import State
from pinprobe.signals.mixed_by_stack import MIXED_BY_STACK

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
NO, OTHER = b.refused_alert(), b.accepted(stack=FLUTTER)

CASES: dict[str, tuple[Events, State]] = {
    "it accepted before": (proven(OTHER, NO, NO), P),
    "it accepted before, and goes on": (proven(OTHER, NO, NO, OTHER), P),
    "it was relayed before": (proven(b.relayed_ok(stack=FLUTTER), NO, NO, OTHER), P),
    "it accepts half a request": (proven(b.accepted(stack=FLUTTER, requests=0), NO, NO), P),
    "it accepted before, beside a stack that may have roots of its own": (journal(OTHER, NO, NO), U),
    "it accepted on another device": (proven(b.accepted(stack=FLUTTER, client=2), NO, NO), U),
    "it began after the refusal": (proven(NO, NO, OTHER), A),
    "it refuses, too": (proven(OTHER, b.refused_alert(stack=FLUTTER), NO, NO), A),
    "one refusal": (proven(OTHER, NO), U),
    "no other": (journal(NO, NO), U),
}


@pytest.mark.parametrize(("events", "state"), CASES.values(), ids=CASES.keys())
def test_states(events: Events, state: State) -> None:
    assert answer(MIXED_BY_STACK, events).state is state


def test_it_counts_the_refusals_and_names_the_stack_with_its_accepts() -> None:
    signal = answer(MIXED_BY_STACK, proven(OTHER, OTHER, NO, NO, NO))
    assert (signal.count, signal.of, signal.note) == (3, 3, f"2 by {FLUTTER}")
