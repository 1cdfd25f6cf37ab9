"""missing_endpoints: used in the control, and not once in the test."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import Events
from tests.rooms import answer
from tests.rounds import story
from tests.signals.test_traffic import session, spread

from pinprobe import events as ev
from pinprobe.signals import State
from pinprobe.signals.missing_endpoints import MISSING_ENDPOINTS

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
OK, YES, NO = b.relayed_ok(), b.accepted(), b.refused_alert()

HELD = [*OK[:-1], b.closed(60.0, client_bytes=9000)]
"""A relayed connection that outlives the control when it begins late in it."""
TROUBLED = b.inside(b.accepted("login.example.com"), b.answered(403))
TEST = [(100.0, b.marked(ev.TEST)), (200.0, b.host_known("end.example", "example"))]
IDLE_FIRST = [(50.0, b.marked(ev.CONTROL)), *[(51.0 + at_s, c) for at_s, c in spread(OK, 9)], *TEST]

CASES: dict[str, tuple[Events, State]] = {
    "seven in the control, none in a test as long": (session(spread(OK, 7), []), P),
    "six": (session(spread(OK, 6), []), U),
    "two, and the test is ten times as long": (session(spread(OK, 2), [], control_s=20.0, test_s=200.0), P),
    "one, however long the test": (session(spread(OK, 1), [], control_s=20.0, test_s=1900.0), U),
    "too short a test": (session(spread(OK, 9), [], test_s=10.0), U),
    "bursts count once": (session(spread(OK, 20, 0.1), []), U),
    "once in the test": (session(spread(OK, 9), spread(YES, 1)), A),
    "refused in the test": (session(spread(OK, 9), spread(NO, 9)), A),
    "its requests travel over another host's connection": (
        session(spread(OK, 9), [(5.0, b.accepted("a.example.com", authority="api.example.com"))]),
        A,
    ),
    "a server of the app answers with errors elsewhere": (
        session(spread(OK, 9), spread(TROUBLED, 3)),
        U,
    ),
    "a server answers another app with errors": (
        session(spread(OK, 9), spread(b.attributed("com.two", TROUBLED), 3)),
        P,
    ),
    "servers of the app answer well elsewhere": (
        session(spread(OK, 9), spread(b.inside(b.accepted("login.example.com"), b.answered(200)), 3)),
        P,
    ),
    "a connection of the control is still open": (session([*spread(OK, 9), (60.0, HELD)], []), U),
    "a connection of the control to another host is still open": (
        session([*spread(OK, 9), (60.0, [*b.relayed_ok("push.example.com")[:-1], b.closed(60.0)])], []),
        P,
    ),
    "a connection of the control ended before the test": (session([*spread(OK, 9), (35.0, HELD)], []), P),
    "the device speaks to it by itself": (story(*spread(OK, 9), *IDLE_FIRST, phase=ev.IDLE), U),
    "a host of the device's own": (
        story(
            (0.0, b.host_known("api.example.com", "example.com", category="os")),
            *spread(OK, 9),
            *TEST,
            phase=ev.CONTROL,
        ),
        U,
    ),
    "never in the control": (session([], spread(YES, 9)), U),
    "no control": (story(*spread(YES, 9)), U),
    "the test has not begun": (story(*spread(OK, 9), phase=ev.CONTROL), U),
}


@pytest.mark.parametrize(("events", "state"), CASES.values(), ids=CASES.keys())
def test_states(events: Events, state: State) -> None:
    assert answer(MISSING_ENDPOINTS, events).state is state


def test_counts_and_words() -> None:
    missing, not_missing, few = (
        answer(MISSING_ENDPOINTS, session(spread(OK, number), test))
        for number, test in ((9, []), (9, spread(YES, 3)), (2, []))
    )
    assert (missing.count, missing.note) == (9, "9 in 100 s of control, 0 in 100 s of test")
    assert (not_missing.count, not_missing.of) == (3, 9)
    assert few.note == "2 in 100 s of control, 0 in 100 s of test: chance would do so in 25% of cases"
