"""idle_only: contacted in the idle phase, and in no other."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import Events
from tests.rooms import answer
from tests.rounds import story

from pinprobe import events as ev
from pinprobe.signals import State
from pinprobe.signals.idle_only import IDLE_ONLY
from pinprobe.thresholds import CONTACTS_KEPT

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
OK, YES = b.relayed_ok(), b.accepted()
TEST, IDLE = b.marked(ev.TEST), b.marked(ev.IDLE)

CASES: dict[str, tuple[Events, State]] = {
    "while idle, and then no more": (story((1, OK), (2, OK), (10, TEST), phase=ev.IDLE), P),
    "while idle, and in the test": (story((1, OK), (10, TEST), (20, YES), phase=ev.IDLE), A),
    "in the test alone": (story((10, TEST), (20, YES), phase=ev.IDLE), A),
    "in the control alone": (story((10, b.marked(ev.CONTROL)), (20, OK), phase=ev.IDLE), A),
    "in two idle phases": (story((1, OK), (10, TEST), (20, IDLE), (30, OK), phase=ev.IDLE), P),
    "there was no idle phase": (story((1, YES)), U),
    "another port of it in the test": (story((1, OK), (10, TEST), (20, b.accepted(port=8443)), phase=ev.IDLE), P),
    "more often than is kept": (
        story(*[(number / 10, OK) for number in range(CONTACTS_KEPT + 1)], (100, TEST), (200, YES), phase=ev.IDLE),
        U,
    ),
}


@pytest.mark.parametrize(("events", "state"), CASES.values(), ids=CASES.keys())
def test_states(events: Events, state: State) -> None:
    assert answer(IDLE_ONLY, events).state is state


def test_it_counts_contacts() -> None:
    signal = answer(IDLE_ONLY, story((1, OK), (2, OK), (10, TEST), phase=ev.IDLE))
    assert (signal.count, signal.of) == (2, 2)
