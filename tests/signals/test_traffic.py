"""How much traffic an endpoint had in the control and in the test, and where that cannot be compared."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import CONSCRYPT, Events
from tests.rooms import endpoint_in
from tests.rounds import Part, story

from pinprobe import chance
from pinprobe import events as ev
from pinprobe.evidence import evidence_of
from pinprobe.signals import Asked, peers_of
from pinprobe.signals.card import Answer, State
from pinprobe.signals.traffic import Traffic, held_over, traffic_of
from pinprobe.thresholds import CONTACTS_KEPT

OK, YES = b.relayed_ok(), b.accepted()


def session(control: list[Part], test: list[Part], *, control_s: float = 100.0, test_s: float = 100.0) -> Events:
    """A control and a test of these lengths; times count from the beginning of each."""
    later = [(control_s + at_s, connection) for at_s, connection in test]
    end = (control_s + test_s, b.host_known("end.example", "example"))
    return story(*control, (control_s, b.marked(ev.TEST)), *later, end, phase=ev.CONTROL)


def spread(connection: Events, number: int, every_s: float = 5.0) -> list[Part]:
    return [(every_s * at, connection) for at in range(number)]


def compared(events: Events) -> Traffic | Answer:
    evidence = evidence_of(events)
    about = endpoint_in(evidence)
    asked = Asked(evidence=evidence, endpoint=about, stack=about.stacks[CONSCRYPT], peers=peers_of(evidence))
    return traffic_of(asked)


def lasting(connection: Events, lasts_s: float) -> Events:
    return [*connection[:-1], b.closed(lasts_s)]


COUNTS: dict[str, tuple[Events, Traffic]] = {
    "in both": (
        session(spread(OK, 6), spread(YES, 3)),
        Traffic(control=6, test=3, control_s=100.0, test_s=100.0),
    ),
    "never in the test": (session(spread(OK, 6), []), Traffic(control=6, test=0, control_s=100.0, test_s=100.0)),
    "phases of different lengths": (
        session(spread(OK, 2), spread(YES, 3), control_s=20.0, test_s=60.0),
        Traffic(control=2, test=3, control_s=20.0, test_s=60.0),
    ),
    "bursts count once": (
        session(spread(OK, 6, 0.1), spread(YES, 9, 1.0)),
        Traffic(control=1, test=3, control_s=100.0, test_s=100.0),
    ),
}


@pytest.mark.parametrize(("events", "traffic"), COUNTS.values(), ids=COUNTS.keys())
def test_counts_by_phase(events: Events, traffic: Traffic) -> None:
    assert compared(events) == traffic


NOTHING: dict[str, tuple[Events, str]] = {
    "no control": (story(*spread(YES, 9)), "no control phase to compare with"),
    "the test has not begun": (story(*spread(OK, 9), phase=ev.CONTROL), "the test has not begun"),
    "the device's own": (
        story(
            (1, OK),
            (50, b.marked(ev.CONTROL)),
            *[(51.0 + at_s, connection) for at_s, connection in spread(OK, 6)],
            (100, b.marked(ev.TEST)),
            (150, YES),
            phase=ev.IDLE,
        ),
        "the device speaks to this host by itself as well",
    ),
    "errors here": (
        session(spread(OK, 6), spread(b.inside(YES, b.answered(403)), 3)),
        "a real server answered the app with errors under interception, which may be why",
    ),
    "errors elsewhere": (
        session(spread(OK, 6), [(5.0, b.inside(b.accepted("login.example.com"), b.answered(500)))]),
        "a real server answered the app with errors under interception, which may be why",
    ),
    "still open": (
        session([*spread(OK, 6), (95.0, lasting(OK, 20.0))], spread(YES, 3)),
        "a connection of the control was still open in the test, and may carry its traffic",
    ),
    "open until the end": (
        session([*spread(OK, 6), (95.0, OK[:-1])], spread(YES, 3)),
        "a connection of the control was still open in the test, and may carry its traffic",
    ),
    "checks that come by themselves": (
        session(spread(OK, 6), spread(b.asking(YES, ev.CONNECTIVITY), 6)),
        "some connections here are checks that come by themselves, which a relay does not tell apart",
    ),
    "not in the control": (session([], spread(YES, 9)), "not seen in the control"),
    "too often": (
        session(spread(OK, CONTACTS_KEPT, 0.3), spread(YES, 1)),
        "too many connections to compare one by one",
    ),
}


@pytest.mark.parametrize(("events", "note"), NOTHING.values(), ids=NOTHING.keys())
def test_nothing_to_compare(events: Events, note: str) -> None:
    assert compared(events) == Answer(state=State.UNKNOWN, note=note)


HELD_OVER: dict[str, tuple[Events, bool]] = {
    "ended before": (session([(10.0, lasting(OK, 60.0))], []), False),
    "ended a moment before": (session([(10.0, lasting(OK, 89.9))], []), False),
    "ended a moment after": (session([(10.0, lasting(OK, 90.1))], []), True),
    "began in the test": (session(spread(OK, 1), [(0.1, lasting(OK, 60.0))]), False),
    "relayed, and it failed": (session(spread(OK, 1), [(0.1, b.relayed_failed())]), False),
    "of another stack": (session([(0.0, OK), (10.0, lasting(b.relayed_ok(stack=b.FLUTTER), 120.0))], []), True),
    "to another host": (session([(0.0, OK), (10.0, lasting(b.relayed_ok("b.example.com"), 120.0))], []), False),
    "from idle into the control": (
        story((1, lasting(OK, 60.0)), (50, b.marked(ev.CONTROL)), (100, b.marked(ev.TEST)), (150, YES), phase=ev.IDLE),
        False,
    ),
    "from one test into the control": (
        story((1, lasting(OK, 60.0)), (50, b.marked(ev.CONTROL)), (100, b.marked(ev.TEST)), (150, YES)),
        False,
    ),
    "over the second of two controls": (
        story(
            (1, OK),
            (50, b.marked(ev.TEST)),
            (100, b.marked(ev.CONTROL)),
            (110, lasting(OK, 60.0)),
            (150, b.marked(ev.TEST)),
            phase=ev.CONTROL,
        ),
        True,
    ),
}


@pytest.mark.parametrize(("events", "held"), HELD_OVER.values(), ids=HELD_OVER.keys())
def test_connections_that_outlive_the_control(events: Events, held: bool) -> None:
    evidence = evidence_of(events)
    assert held_over(evidence, endpoint_in(evidence)) is held


def test_the_share_is_of_rates() -> None:
    traffic = Traffic(control=6, test=3, control_s=60.0, test_s=120.0)
    assert traffic.share == pytest.approx(0.25)
    assert traffic.words == "6 in 60 s of control, 3 in 120 s of test"


def test_chance_is_that_of_so_few_among_all() -> None:
    """Each of the nine falls into the test with the test's part of the time."""
    traffic = Traffic(control=6, test=3, control_s=60.0, test_s=120.0)
    assert traffic.chance_of_so_few == pytest.approx(chance.of_so_few(3, 9, 2 / 3))
    assert Traffic(control=7, test=0, control_s=50.0, test_s=50.0).chance_of_so_few == pytest.approx(1 / 128)
