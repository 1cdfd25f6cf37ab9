"""Answers to replayed chains, counted."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests import builders as b
from tests.builders import Events, journal
from tests.replays import FOREIGN, GENUINE, ONE, OWN, S, answered, shown
from tests.rooms import attempt_of, stack_in

from pinprobe.attempts import Outcome
from pinprobe.evidence.replays import NO_ALERT, Replay, Replays
from pinprobe.thresholds import PATTERNS_KEPT

REPLAY = Replay(probe_id=FOREIGN, chain_id=ONE, tls_version="TLSv1.3")


def counted(*connections: Events) -> dict[Replay, dict[int, int]]:
    return stack_in(journal(*connections)).replays.answers


def test_answers_are_counted_by_chain_relation_and_version() -> None:
    found = counted(
        answered(FOREIGN, ONE, S),
        answered(FOREIGN, ONE, S),
        answered(FOREIGN, ONE, 46),
        answered(FOREIGN, ONE, S, tls_version="TLSv1.2"),
        answered(GENUINE, OWN, S),
    )
    assert found == {
        REPLAY: {S: 2, 46: 1},
        replace(REPLAY, tls_version="TLSv1.2"): {S: 1},
        replace(REPLAY, probe_id=GENUINE, chain_id=OWN): {S: 1},
    }


def test_a_close_is_an_answer_without_alert() -> None:
    assert counted(answered(FOREIGN, ONE, None)) == {REPLAY: {NO_ALERT: 1}}


NO_ANSWER: dict[str, Events] = {
    "left before the certificate": b.closed_before_certificate(probe_id=FOREIGN),
    "the server is down": b.upstream_failed(probe_id=FOREIGN),
    "another certificate was served": b.proxy_error(probe_id=FOREIGN),
    "resumed": b.resumed(probe_id=FOREIGN),
    "the session ended": b.unfinished(probe_id=FOREIGN),
    "no replay": b.refused_alert(),
    "a bad certificate": b.refused_alert(probe_id="self_signed"),
}


@pytest.mark.parametrize("connection", NO_ANSWER.values(), ids=NO_ANSWER.keys())
def test_what_is_no_answer(connection: Events) -> None:
    assert counted(shown(connection, ONE)) == {}


def test_a_replay_without_its_chain_is_nothing() -> None:
    assert counted(b.refused_alert(alert=S, probe_id=FOREIGN)) == {}


def test_an_attempt_that_turned_out_otherwise_is_counted_once() -> None:
    first = attempt_of(answered(FOREIGN, ONE, None))
    later = replace(first, outcome=Outcome.SIGNATURE_ALERT, alert=S)
    replays = Replays()
    replays.add(first)
    replays.take_back(first)
    assert replays.answers == {}
    replays.add(later)
    assert replays.answers == {REPLAY: {S: 1}}


def test_the_alert_may_come_after_the_failure_is_told() -> None:
    """mitmproxy's hook and OpenSSL's callback have no fixed order."""
    events = answered(FOREIGN, ONE, S)
    alert = events.pop(-3)
    events.insert(-1, replace(alert, at_s=0.0425))
    assert counted(events) == {REPLAY: {S: 1}}


def test_memory_is_bounded() -> None:
    many = [answered(FOREIGN, f"chain {number}", S) for number in range(PATTERNS_KEPT + 5)]
    assert len(counted(*many)) == PATTERNS_KEPT
