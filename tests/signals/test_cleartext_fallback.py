"""cleartext_fallback: http:// after refusals, and never beside the control."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import Events, journal
from tests.rooms import answer

from pinprobe.signals import State
from pinprobe.signals.cleartext_fallback import CLEARTEXT_FALLBACK

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
NO, OK, HTTP = b.refused_alert(), b.relayed_ok(), b.cleartext()

CASES: dict[str, tuple[Events, State]] = {
    "twice after refusals": (journal(NO, HTTP, NO, HTTP, OK), P),
    "once": (journal(NO, HTTP, NO, OK), U),
    "never": (journal(NO, NO, OK), A),
    "no control": (journal(NO, HTTP, NO, HTTP), U),
    "beside the control as well": (journal(NO, HTTP, NO, HTTP, OK, HTTP), A),
    "nothing was refused": (journal(b.accepted(), HTTP, OK, HTTP), U),
    "long after": (journal(NO, HTTP, NO, HTTP, OK, every_s=30.0), A),
}


@pytest.mark.parametrize(("events", "state"), CASES.values(), ids=CASES.keys())
def test_states(events: Events, state: State) -> None:
    assert answer(CLEARTEXT_FALLBACK, events).state is state
