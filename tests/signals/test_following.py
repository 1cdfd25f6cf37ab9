"""When traffic that follows refusals is enough to be no accident, and what is said of it."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import Events
from tests.rooms import HOST, answer, endpoint_in
from tests.rounds import times, told

from pinprobe.attempts import Endpoint
from pinprobe.evidence import Follow, How, evidence_of
from pinprobe.signals import Asked, State, peers_of
from pinprobe.signals.card import Card, Kind
from pinprobe.signals.following import followed, place, settled

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
NO, OK, YES, HTTP = b.refused_alert(), b.relayed_ok(), b.accepted(), b.cleartext()


ANYTHING = Card(
    id="anything",
    kind=Kind.WEAK,
    title="anything",
    asks="",
    matters="",
    limits="",
    evaluate=lambda asked: followed(asked, lambda follow: True),
)

CASES: dict[str, tuple[Events, State]] = {
    "nothing was refused": (told(*times(3, YES, HTTP), *times(3, OK)), U),
    "one refusal, and nothing follows": (told((NO,), *times(3, OK)), U),
    "two refusals, and nothing follows": (told(*times(2, NO), *times(3, OK)), A),
    "two refusals without a control, and nothing follows": (told(*times(2, NO)), A),
    "follows once": (told((NO, HTTP), (NO,), *times(30, OK)), U),
    "follows, and there is no control": (told(*times(5, NO, HTTP)), U),
    "two of two, beside seven": (told(*times(2, NO, HTTP), *times(7, OK)), P),
    "two of two, beside six": (told(*times(2, NO, HTTP), *times(6, OK)), U),
    "three of three, beside six": (told(*times(3, NO, HTTP), *times(6, OK)), P),
    "three of three, beside five": (told(*times(3, NO, HTTP), *times(5, OK)), U),
    "five of five, beside five": (told(*times(5, NO, HTTP), *times(5, OK)), P),
    "four of four, beside four": (told(*times(4, NO, HTTP), *times(4, OK)), U),
    "two of six, beside six": (told(*times(2, NO, HTTP), *times(4, NO), *times(6, OK)), U),
    "beside accepts instead of the control": (told(*times(3, NO, HTTP), *times(6, YES)), P),
    "once after the control": (told(*times(9, NO, HTTP), (OK, HTTP), *times(9, OK)), A),
}


@pytest.mark.parametrize(("events", "state"), CASES.values(), ids=CASES.keys())
def test_states(events: Events, state: State) -> None:
    assert answer(ANYTHING, events).state is state


def test_of_several_places_the_one_that_is_no_accident_is_told() -> None:
    """Port 8080 follows once, port 80 each time."""
    signal = answer(ANYTHING, told((NO, HTTP, b.cleartext(port=8080)), *times(2, NO, HTTP), *times(9, OK)))
    assert (signal.state, signal.count, signal.of, signal.note) == (
        P,
        3,
        3,
        "turned to http://api.example.com 960 ms later",
    )


WHY: dict[str, tuple[Events, str]] = {
    "nothing refused": (told((YES,)), "nothing was refused here"),
    "too few": (told((NO,), (OK,)), "1 refusal is too few to see what follows"),
    "no control": (
        told(*times(2, NO, HTTP)),
        "http://api.example.com follows 2 of 2 refusals, and no attempt that worked is there to compare with",
    ),
    "chance": (
        told(*times(2, NO, HTTP), *times(2, OK)),
        "http://api.example.com follows 2 of 2 refusals and none of 2 attempts that worked: chance would do so in 25% "
        "of cases",
    ),
}


@pytest.mark.parametrize(("events", "note"), WHY.values(), ids=WHY.keys())
def test_what_is_lacking_is_said(events: Events, note: str) -> None:
    signal = answer(ANYTHING, events)
    assert (signal.state, signal.note) == (U, note)


def test_only_what_is_wanted_counts() -> None:
    evidence = evidence_of(told(*times(3, NO, HTTP), *times(9, OK)))
    about = endpoint_in(evidence)
    (stack,) = about.stacks.values()
    asked = Asked(evidence=evidence, endpoint=about, stack=stack, peers=peers_of(evidence))
    wanted = followed(asked, lambda follow: follow.target.port == 80)
    unwanted = followed(asked, lambda follow: follow.target.port == 8080)
    assert (wanted.state, unwanted.state) == (P, A)
    assert followed(asked, lambda follow: True, counted=lambda follow: 7).count == 7


def follow(host: str = HOST, port: int = 443, how: How = How.TLS, **counts: int) -> Follow:
    named = {"count": 3, "refused": 3, "worked": 6, "delay_ms": 40, "same": 0, **counts}
    target = Endpoint(app_id="app", host=host, port=port, transport="tcp")
    return Follow(target=target, how=how, **named)


PLACES = {
    "http://api.example.com": follow(port=80, how=How.HTTP),
    "http://api.example.com:8080": follow(port=8080, how=How.HTTP),
    "http://[2001:db8::1]": follow("2001:db8::1", 80, How.HTTP),
    "api.example.com:443": follow(),
    "[2001:db8::1]:443": follow("2001:db8::1"),
    "api.example.com:443/quic": follow(how=How.QUIC),
    "api.example.com:7000/tcp": follow(port=7000, how=How.TCP),
}


@pytest.mark.parametrize(("words", "where"), PLACES.items(), ids=PLACES.keys())
def test_places_in_words(words: str, where: Follow) -> None:
    assert place(where) == words


SETTLED = {
    "often, and beside enough": (follow(), True),
    "once": (follow(count=1, worked=1000), False),
    "beside nothing": (follow(count=100, refused=100, worked=0), False),
    "chance would do so": (follow(worked=5), False),
    "at the edge": (follow(count=2, refused=2, worked=7), True),
}


@pytest.mark.parametrize(("seen", "is_settled"), SETTLED.values(), ids=SETTLED.keys())
def test_settled(seen: Follow, is_settled: bool) -> None:
    assert settled(seen) is is_settled
