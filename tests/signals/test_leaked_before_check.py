"""leaked_before_check: one request, and the connection is dropped, every time, where relayed ones go on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests import builders as b
from tests.builders import CONSCRYPT, Events, closed, journal
from tests.rooms import answer, endpoint_in

from pinprobe.evidence import Evidence
from pinprobe.signals import Asked, State, peers_of
from pinprobe.signals.leaked_before_check import LEAKED_BEFORE_CHECK
from pinprobe.thresholds import LIVES_KEPT, REQUEST_LEAST_BYTES, SOON_MAX_S

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
BYTES, LASTS_S = 500, 0.9
"""What a dropped connection carries, and how long it lives."""


def dropped(
    *,
    lasts_s: float = LASTS_S,
    client_bytes: int = BYTES,
    requests: int = 1,
    by: str = "client",
    status: int = 200,
    answered_s: float | None = 0.09,
    **how: Any,
) -> Events:
    answers = [] if answered_s is None else [replace(b.answered(status), at_s=answered_s)]
    end = closed(lasts_s, by=by, requests=requests, client_bytes=client_bytes)
    return [*b.accepted(requests=requests, **how)[:-1], *answers, end]


def relayed(*, lasts_s: float = LASTS_S, client_bytes: int = BYTES, by: str = "client") -> Events:
    return [*b.relayed_ok()[:-1], closed(lasts_s, by=by, client_bytes=client_bytes)]


DROPPED, ONCE = dropped(), relayed()
LONGER, MORE = relayed(lasts_s=60.0), relayed(client_bytes=5000)
OPEN = DROPPED[:-1]

CASES: dict[str, tuple[Events, State]] = {
    "relayed ones last longer": (journal(*[DROPPED] * 5, *[LONGER] * 5), P),
    "relayed ones carry more": (journal(*[DROPPED] * 5, *[MORE] * 5), P),
    "relayed ones go on in one way or another": (journal(*[DROPPED] * 5, *[LONGER, MORE] * 3), P),
    "three, beside seven": (journal(*[DROPPED] * 3, *[LONGER] * 7), P),
    "three, beside six": (journal(*[DROPPED] * 3, *[LONGER] * 6), U),
    "seven, beside three": (journal(*[DROPPED] * 7, *[LONGER] * 3), P),
    "six, beside three": (journal(*[DROPPED] * 6, *[LONGER] * 3), U),
    "two": (journal(*[DROPPED] * 2, *[LONGER] * 60), U),
    "it is used once in any case": (journal(*[DROPPED] * 9, *[ONCE] * 9), A),
    "one relayed connection is used once": (journal(*[DROPPED] * 9, *[LONGER] * 9, ONCE), A),
    "one goes on to a second request": (journal(*[DROPPED] * 9, dropped(requests=2), *[LONGER] * 9), A),
    "one carries no whole request": (journal(*[DROPPED] * 9, dropped(requests=0), *[LONGER] * 9), A),
    "one is closed by the server": (journal(*[DROPPED] * 9, dropped(by="proxy"), *[LONGER] * 9), A),
    "requests for another host come over it": (
        journal(*[dropped(authority="b.example.com")] * 9, *[LONGER] * 9),
        U,
    ),
    "one was never answered": (journal(*[DROPPED] * 9, dropped(answered_s=None), *[LONGER] * 9), A),
    "none was ever answered": (journal(*[dropped(answered_s=None)] * 9, *[LONGER] * 9), A),
    "answered late, and dropped then": (
        journal(*[dropped(lasts_s=20.0, answered_s=19.0)] * 9, *[relayed(lasts_s=120.0)] * 9),
        P,
    ),
    "dropped moments after the answer": (journal(*[dropped(lasts_s=SOON_MAX_S)] * 9, *[LONGER] * 9), P),
    "dropped a little later": (journal(*[dropped(lasts_s=SOON_MAX_S + 0.1)] * 9, *[LONGER] * 9), A),
    "idle for minutes, then closed": (journal(*[dropped(lasts_s=300.0)] * 9, *[MORE] * 9), A),
    "one is idle for minutes": (journal(*[DROPPED] * 9, dropped(lasts_s=300.0), *[MORE] * 9), A),
    "the proxy speaks HTTP/1.1 where the server speaks HTTP/2": (
        journal(*[b.negotiated(DROPPED, alpn="http/1.1")] * 9, *[LONGER] * 9),
        U,
    ),
    "the proxy speaks TLS 1.2 where the server speaks TLS 1.3": (
        journal(*[b.negotiated(DROPPED, tls_version="TLSv1.2")] * 9, *[LONGER] * 9),
        U,
    ),
    "no SNI": (journal(*[dropped(sni=False)] * 9, *[LONGER] * 9), U),
    "a client certificate is asked for": (journal(*[dropped(mutual_tls=True)] * 9, *[LONGER] * 9), U),
    "one of them negotiated otherwise": (
        journal(*[DROPPED] * 9, b.negotiated(DROPPED, alpn="http/1.1"), *[LONGER] * 9),
        U,
    ),
    "no relayed one": (journal(*[DROPPED] * 9), U),
    "no relayed one that worked": (journal(*[DROPPED] * 9, *[b.relayed_failed()] * 9), U),
    "none shown": (journal(*[LONGER] * 9), U),
    "none carried data": (journal(*[b.refused_alert()] * 9, *[LONGER] * 9), U),
    "the real server answers with an error": (
        journal(*[DROPPED] * 8, dropped(status=403), *[LONGER] * 9),
        U,
    ),
    "the real server answers without content": (journal(*[dropped(status=204)] * 9, *[LONGER] * 9), P),
    "under another probe than ours": (journal(*[b.accepted(probe_id="mimic_genuine")] * 9, *[LONGER] * 9), U),
}


@pytest.mark.parametrize(("events", "state"), CASES.values(), ids=CASES.keys())
def test_states(events: Events, state: State) -> None:
    assert answer(LEAKED_BEFORE_CHECK, events).state is state


EDGES: dict[str, tuple[Events, State]] = {
    # A dropped one carries 500 bytes and lives 0.9 s.
    "a request's worth more": (relayed(client_bytes=BYTES + REQUEST_LEAST_BYTES), P),
    "a byte less": (relayed(client_bytes=BYTES + REQUEST_LEAST_BYTES - 1), A),
    "five times as long": (relayed(lasts_s=4.501), P),
    "not quite five times as long": (relayed(lasts_s=4.49), A),
}


@pytest.mark.parametrize(("control", "state"), EDGES.values(), ids=EDGES.keys())
def test_when_a_relayed_one_goes_on(control: Events, state: State) -> None:
    assert answer(LEAKED_BEFORE_CHECK, journal(*[DROPPED] * 5, *[control] * 5)).state is state


def test_it_is_compared_with_the_largest_and_the_longest_that_was_dropped() -> None:
    others = [dropped(lasts_s=20.0, answered_s=19.0), dropped(client_bytes=9000)]
    control = relayed(lasts_s=60.0, client_bytes=5000)
    signal = answer(LEAKED_BEFORE_CHECK, journal(*[DROPPED] * 5, *others, *[control] * 5))
    assert (signal.state, signal.count, signal.of) == (A, 7, 7)


@pytest.mark.parametrize(("lasts_s", "state"), [(1.12, P), (1.09, A)], ids=["a second longer", "less"])
def test_very_short_ones_must_be_outlived_by_a_second(lasts_s: float, state: State) -> None:
    quick = dropped(lasts_s=0.1)
    assert answer(LEAKED_BEFORE_CHECK, journal(*[quick] * 5, *[relayed(lasts_s=lasts_s)] * 5)).state is state


def test_counts_and_words() -> None:
    signal = answer(LEAKED_BEFORE_CHECK, journal(*[DROPPED] * 5, *[LONGER] * 6))
    assert (signal.count, signal.of, signal.note) == (5, 5, "6 of 6 relayed went on")


def test_more_connections_than_are_kept_are_no_open_ones() -> None:
    many = [*[DROPPED] * (LIVES_KEPT + 9), *[LONGER] * 3]
    signal = answer(LEAKED_BEFORE_CHECK, journal(*many))
    assert (signal.state, signal.count) == (P, LIVES_KEPT)


def test_while_one_is_open_nothing_is_known() -> None:
    live = Evidence()
    for event in [*journal(*[DROPPED] * 9, *[LONGER] * 9), *b.placed(OPEN, 99, b.START_S + 50)]:
        live.feed(event)
    about = endpoint_in(live)
    asked = Asked(evidence=live, endpoint=about, stack=about.stacks[CONSCRYPT], peers=peers_of(live))
    signal = LEAKED_BEFORE_CHECK.ask(asked)
    assert (signal.state, signal.note) == (U, "1 connections with data are still open")


@pytest.mark.parametrize("cut", ["dropped", "relayed"])
def test_what_the_end_of_the_session_cut_off_says_nothing(cut: str) -> None:
    """Neither that the client stayed nor that a relay did not go on."""
    last = {"dropped": dropped(by="shutdown"), "relayed": relayed(by="shutdown")}[cut]
    signal = answer(LEAKED_BEFORE_CHECK, journal(*[DROPPED] * 9, *[LONGER] * 9, last))
    assert (signal.state, signal.count, signal.of) == (P, 9, 9)
