"""When attempts were decided and what each came to; how long those lived that carried data."""

from __future__ import annotations

from dataclasses import astuple, replace

import pytest
from tests import builders as b
from tests.builders import START_S, Events, alert, began, closed, established, inside, journal
from tests.rooms import attempt_of, stack_in
from tests.rounds import story

from pinprobe import events as ev
from pinprobe.evidence.moments import Life, Moment, Moments, Turn
from pinprobe.thresholds import LIVES_KEPT, MOMENTS_KEPT, SOON_MAX_S


def decided(*connections: Events) -> list[Moment]:
    return list(stack_in(journal(*connections)).moments.decided.values())


TURNS: dict[str, tuple[Events, Turn | None]] = {
    "accepted": (b.accepted(), Turn.WORKED),
    "half a request": (b.accepted(requests=0), Turn.WORKED),
    "accepted though nobody trusts the CA": (b.accepted(probe_id="unknown_ca"), Turn.WORKED),
    "relayed, and it worked": (b.relayed_ok(), Turn.WORKED),
    "an alert in the handshake": (b.refused_alert(), Turn.REFUSED),
    "an alert under a CA that nobody trusts": (b.refused_alert(probe_id="unknown_ca"), Turn.REFUSED),
    "a close in the handshake": (b.closed_in_handshake(), Turn.REFUSED),
    "a close after it": (b.pinned_after_handshake(), Turn.REFUSED),
    "an alert after it": (b.alert_after_handshake(), Turn.REFUSED),
    "another alert": (b.refused_alert(alert=70), Turn.FAILED),
    "a bad signature": (b.replayed(), Turn.FAILED),
    "relayed, and it failed": (b.relayed_failed(), Turn.FAILED),
    "the server is down": (b.upstream_failed(), Turn.FAILED),
    "relayed, and it ended too early": (b.relayed_ok(worked=None), None),
    "silent": (b.silent(), None),
    "resumed": (b.resumed(), None),
    "left early": (b.closed_before_certificate(), None),
    "unfinished": (b.unfinished(), None),
    "a preface alone": (b.preface_only(), None),
    "another certificate was served": (b.proxy_error(), None),
}


@pytest.mark.parametrize(("connection", "turn"), TURNS.values(), ids=TURNS.keys())
def test_what_an_attempt_came_to(connection: Events, turn: Turn | None) -> None:
    assert [moment.turn for moment in decided(connection)] == ([] if turn is None else [turn])


def test_a_moment_has_its_beginning_its_decision_and_its_client() -> None:
    (moment,) = decided(b.refused_alert(client=2))
    assert astuple(moment) == (START_S + 1, START_S + 1.042, 2, 1, Turn.REFUSED, "trusted_ca")


def test_the_first_decision_stands_where_the_end_only_adds_to_it() -> None:
    """An accept is known from its first bytes on, a control from its data on."""
    assert [moment.decided_s for moment in decided(b.accepted(), b.relayed_ok())] == [START_S + 1.064, START_S + 2.3]


class TestRevised:
    """What turned out otherwise leaves nothing behind."""

    def test_a_preface_that_went_on(self) -> None:
        preface = ev.ApplicationDataSeen(at_s=0.064, connection_id=0, protocol="h2", preface_only=True)
        request = ev.RequestSeen(at_s=0.5, connection_id=0, authority_host="api.example.com", authority_port=443)
        (moment,) = decided([*began(), established(), preface, request, closed(0.9, requests=1)])
        assert (moment.turn, moment.decided_s) == (Turn.WORKED, START_S + 1.5)

    def test_a_refusal_whose_alert_comes_late_and_is_none(self) -> None:
        failed = ev.HandshakeFailed(at_s=0.041, connection_id=0, certificate_sent=True, tls_version=None, error="")
        (moment,) = decided([*began(), failed, alert(0.042, 70), closed(0.043)])
        assert (moment.turn, moment.decided_s) == (Turn.FAILED, START_S + 1.042)

    def test_a_refusal_that_turns_into_nothing(self) -> None:
        refused = replace(attempt_of(b.refused_alert()), connection_id=7)
        silent = replace(attempt_of(b.silent()), connection_id=7)
        made = Moments()
        made.settle(refused, 5.0)
        made.settle(silent, 6.0)
        assert made.decided == {}


BEFORE: dict[str, tuple[float, float]] = {
    # asked at, answered with
    "after the decision": (20.0, 12.0),
    "at the decision": (12.0, 12.0),
    "before the decision": (11.0, 10.0),
}


@pytest.mark.parametrize(("asked_s", "before_s"), BEFORE.values(), ids=BEFORE.keys())
def test_what_overtakes_a_decision_is_compared_with_the_beginning(asked_s: float, before_s: float) -> None:
    assert Moment(10.0, 12.0, 1, 1, Turn.REFUSED).before(asked_s) == before_s


def test_moments_are_bounded_and_the_first_ones_stay() -> None:
    moments = decided(*[b.refused_alert()] * (MOMENTS_KEPT + 9))
    assert [moment.connection_id for moment in moments] == list(range(1, MOMENTS_KEPT + 1))


def lives(*connections: Events) -> tuple[list[Life], list[Life]]:
    moments = stack_in(journal(*connections)).moments
    return list(moments.intercepted.values()), list(moments.relayed.values())


class TestLives:
    """Of connections that carried data and have ended, by arm."""

    def test_of_an_intercepted_one(self) -> None:
        (life,), relayed = lives(b.accepted(requests=2))
        assert life == Life(1, 2, 1024, life.lasted_s, False, False, False, False)
        assert life.lasted_s == pytest.approx(0.9, abs=1e-6)
        assert relayed == []

    def test_of_a_relayed_one(self) -> None:
        intercepted, (life,) = lives(b.relayed_ok())
        assert life == Life(1, 0, 120, life.lasted_s, False, False, False, False)
        assert life.lasted_s == pytest.approx(0.8, abs=1e-6)
        assert intercepted == []

    def test_an_error_of_the_server_is_trouble(self) -> None:
        told = [inside(b.accepted(), b.answered(status)) for status in (200, 399, 400, 503)]
        assert [life.trouble for life in lives(*told)[0]] == [False, False, True, True]

    @pytest.mark.parametrize(
        ("by", "dropped", "cut_off"), [("client", True, False), ("proxy", False, False), ("shutdown", False, True)]
    )
    def test_who_left(self, by: str, dropped: bool, cut_off: bool) -> None:
        ((life,), _) = lives([*b.accepted()[:-1], b.answered(200), closed(by=by, requests=2)])
        assert (life.dropped, life.cut_off) == (dropped, cut_off)

    @pytest.mark.parametrize(
        ("after_s", "dropped"),
        [(0.0, True), (SOON_MAX_S - 0.001, True), (SOON_MAX_S + 0.001, False), (300.0, False)],
        ids=["at once", "moments later", "a little later", "idle for minutes"],
    )
    def test_how_soon_after_the_answer(self, after_s: float, dropped: bool) -> None:
        """The builder's answer comes after 0.2 s."""
        ((life,), _) = lives([*b.accepted()[:-1], b.answered(200), closed(0.2 + after_s, requests=2)])
        assert life.dropped is dropped

    def test_the_first_answer_is_the_one_that_counts(self) -> None:
        again = replace(b.answered(204), at_s=9.0)
        ((life,), _) = lives([*b.accepted()[:-1], b.answered(200), again, closed(9.1, requests=2)])
        assert life.dropped is False

    def test_what_was_never_answered_was_not_dropped(self) -> None:
        ((life,), _) = lives(b.accepted())
        assert life.dropped is False

    @pytest.mark.parametrize(
        ("connection", "doubtful"),
        [
            (b.accepted(), False),
            (b.accepted(sni=False), True),
            (b.accepted(names_missing=True), True),
            (b.accepted(mutual_tls=True), True),
            (b.accepted(authority="b.example.com"), True),
            (b.negotiated(b.accepted(), alpn="http/1.1"), True),
            (b.negotiated(b.accepted(), tls_version="TLSv1.2"), True),
        ],
        ids=["as always", "no SNI", "names missing", "client certificate", "another host", "ALPN", "TLS version"],
    )
    def test_one_that_is_another_than_the_apps_own(self, connection: Events, doubtful: bool) -> None:
        ((life,), _) = lives(connection)
        assert life.doubtful is doubtful

    def test_what_is_open_has_not_lived_yet(self) -> None:
        open_yet = b.accepted()[:-1]
        moments = Moments()
        moments.settle(replace(attempt_of(open_yet), ended_s=None), 5.0)
        assert moments.intercepted == {}

    @pytest.mark.parametrize(
        "connection",
        [b.refused_alert(), b.silent(), b.relayed_failed(), b.accepted(probe_id="unknown_ca")],
        ids=["refused", "silent", "relayed, failed", "under another probe"],
    )
    def test_others_are_nobodys_life(self, connection: Events) -> None:
        assert lives(connection) == ([], [])

    def test_they_are_bounded_and_the_first_ones_stay(self) -> None:
        intercepted, relayed = lives(*[b.accepted()] * (LIVES_KEPT + 5), *[b.relayed_ok()] * (LIVES_KEPT + 5))
        assert [life.connection_id for life in intercepted] == list(range(1, LIVES_KEPT + 1))
        assert [life.connection_id for life in relayed] == list(range(LIVES_KEPT + 6, 2 * LIVES_KEPT + 6))


def test_both_ends_are_in_any_order() -> None:
    """A life is told of when its connection ends, whichever began first."""
    long = [*b.accepted()[:-1], closed(50.0, requests=2)]
    stack = stack_in(story((0, long), (10, b.accepted())))
    assert sorted(stack.moments.intercepted) == [1, 2]
    assert stack.moments.intercepted[1].lasted_s == pytest.approx(50.0, abs=1e-6)
