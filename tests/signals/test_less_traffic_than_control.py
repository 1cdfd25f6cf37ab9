"""less_traffic_than_control: an endpoint that accepts, and gets far fewer connections than in the control."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import FLUTTER, Events, inside
from tests.rooms import answer
from tests.rounds import story
from tests.signals.test_traffic import session, spread

from pinprobe import events as ev
from pinprobe.signals import State
from pinprobe.signals.less_traffic_than_control import LESS_TRAFFIC_THAN_CONTROL

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
OK, YES, NO = b.relayed_ok(), b.accepted(), b.refused_alert()

CASES: dict[str, tuple[Events, State]] = {
    "one where there were ten": (session(spread(OK, 10), spread(YES, 1)), P),
    "one where there were nine": (session(spread(OK, 9), spread(YES, 1)), A),
    "two where there were thirteen": (session(spread(OK, 13), spread(YES, 2)), P),
    "four where there were ten": (session(spread(OK, 10), spread(YES, 4)), A),
    "half": (session(spread(OK, 99, 3.0), spread(YES, 50, 3.0), control_s=300.0, test_s=300.0), A),
    "as many, in four times the time": (session(spread(OK, 19), spread(YES, 19), test_s=400.0), P),
    "as many, in half the time": (session(spread(OK, 19), spread(YES, 19), test_s=50.0), A),
    "more": (session(spread(OK, 5), spread(YES, 19)), A),
    "it refuses": (session(spread(OK, 19), spread(NO, 1)), U),
    "another stack accepts": (session(spread(OK, 19), spread(b.accepted(stack=FLUTTER), 1)), U),
    "the real server answers with errors": (
        session(spread(OK, 19), spread(inside(YES, b.answered(429)), 1)),
        U,
    ),
    "the real server answers well": (session(spread(OK, 19), spread(inside(YES, b.answered(200)), 1)), P),
    "some requests travel over another host's connection": (
        session(spread(OK, 19), [(0.0, YES), (5.0, b.accepted("a.example.com", authority="api.example.com"))]),
        U,
    ),
    "another server of the app answers with errors": (
        session(spread(OK, 19), [(0.0, YES), (5.0, inside(b.accepted("login.example.com"), b.answered(403)))]),
        U,
    ),
    "a connection of the control is still open": (
        session([*spread(OK, 19), (60.0, [*OK[:-1], b.closed(60.0, client_bytes=9000)])], spread(YES, 1)),
        U,
    ),
    "the device speaks to it by itself": (
        story(
            *spread(OK, 4),
            (50.0, b.marked(ev.CONTROL)),
            *[(51.0 + at_s, connection) for at_s, connection in spread(OK, 19, 2.5)],
            (100.0, b.marked(ev.TEST)),
            (101.0, YES),
            (200.0, b.host_known("end.example", "example")),
            phase=ev.IDLE,
        ),
        U,
    ),
    "no control": (story(*spread(YES, 9)), U),
    "never in the control": (session([], spread(YES, 9)), U),
}


@pytest.mark.parametrize(("events", "state"), CASES.values(), ids=CASES.keys())
def test_states(events: Events, state: State) -> None:
    assert answer(LESS_TRAFFIC_THAN_CONTROL, events).state is state


def test_counts_and_words() -> None:
    signal = answer(LESS_TRAFFIC_THAN_CONTROL, session(spread(OK, 19), spread(YES, 1)))
    assert (signal.count, signal.of, signal.note) == (1, 19, "19 in 100 s of control, 1 in 100 s of test")
