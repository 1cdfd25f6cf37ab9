"""second_stack: another TLS stack begins to accept after this one has refused."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import FLUTTER, Events, journal
from tests.rooms import answer
from tests.signals.test_other_stacks import proven

from pinprobe.signals import State
from pinprobe.signals.second_stack import SECOND_STACK

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
NO, OTHER = b.refused_alert(), b.accepted(stack=FLUTTER)

CASES: dict[str, tuple[Events, State]] = {
    "after two refusals": (proven(NO, NO, OTHER), P),
    "between two refusals": (proven(NO, OTHER, NO), P),
    "after refusals behind the handshake": (
        journal(
            *[b.pinned_after_handshake()] * 3,
            OTHER,
            *[b.relayed_ok()] * 3,
            *[b.refused_alert(probe_id="unknown_ca")] * 2,
            every_s=5.0,
        ),
        P,
    ),
    "after two refusals by a stack that may have roots of its own": (journal(NO, NO, OTHER), U),
    "it was there before": (proven(OTHER, NO, NO), A),
    "it was there before, and goes on": (proven(OTHER, NO, NO, OTHER), A),
    "it was relayed before": (proven(b.relayed_ok(stack=FLUTTER), NO, NO, OTHER), A),
    "on another device": (proven(NO, NO, b.accepted(stack=FLUTTER, client=2)), U),
    "after one refusal": (proven(NO, OTHER), U),
    "it refuses, too": (proven(NO, NO, OTHER, b.refused_alert(stack=FLUTTER)), A),
    "no other": (journal(NO, NO), U),
}


@pytest.mark.parametrize(("events", "state"), CASES.values(), ids=CASES.keys())
def test_states(events: Events, state: State) -> None:
    assert answer(SECOND_STACK, events).state is state


def test_it_counts_the_refusals_and_names_the_stack_with_its_accepts() -> None:
    signal = answer(SECOND_STACK, proven(NO, NO, NO, OTHER, OTHER))
    assert (signal.count, signal.of, signal.note) == (3, 3, f"2 by {FLUTTER}")
