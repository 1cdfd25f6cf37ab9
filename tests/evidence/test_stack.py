"""What one TLS stack did at one endpoint: counts, alerts, bursts, and what becomes of revised attempts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests import builders as b
from tests.builders import Events, alert, began, closed, established, journal
from tests.rooms import stack_in

from pinprobe import events as ev
from pinprobe.attempts import Outcome
from pinprobe.thresholds import (
    BARE_CLOSE_CONTROLS_NEEDED,
    BARE_CLOSES_NEEDED,
    BURST_S,
    EXAMPLES_KEPT,
    PATTERNS_KEPT,
    PREFACE_CLOSES_NEEDED,
    REQUEST_LEAST_BYTES,
)


def test_attempts_are_counted_by_probe_and_outcome() -> None:
    stack = stack_in(
        journal(
            *[b.accepted()] * 3,
            *[b.refused_alert()] * 2,
            b.refused_alert(probe_id="unknown_ca"),
            *[b.relayed_ok()] * 4,
            b.relayed_failed(),
        )
    )
    assert stack.accepts == 3
    assert stack.count("trusted_ca", Outcome.ALERT_DURING_HANDSHAKE) == stack.refusals_in_handshake == 2
    assert stack.count("unknown_ca") == 1
    assert stack.count("relay") == 5
    assert stack.count("relay", Outcome.RELAY_WORKED) == 4
    assert stack.tested == 6, "a control is no test"


def test_alerts_are_counted_by_number_and_probe() -> None:
    stack = stack_in(
        journal(
            *[b.refused_alert(alert=46)] * 3,
            b.refused_alert(alert=48),
            b.refused_alert(alert=42, probe_id="unknown_ca"),
            b.refused_alert(alert=70),
            b.alert_after_handshake(number=45),
        )
    )
    assert stack.alerts("trusted_ca") == {46: 3, 48: 1}
    assert stack.alerts("unknown_ca") == {42: 1}


def test_exchanges() -> None:
    other = ev.ApplicationDataSeen(at_s=0.064, connection_id=0, protocol="other", preface_only=False)
    half = ev.ApplicationDataSeen(at_s=0.064, connection_id=0, protocol="http/1", preface_only=False)
    stack = stack_in(
        journal(
            b.accepted(requests=5),
            b.accepted(requests=2),
            b.accepted_unknown_ca("api.example.com", requests=9),
            [*began(), established(), other, closed()],
            [*began(), established(), half, closed()],
        )
    )
    assert (stack.accepts, stack.requests, stack.exchanged_beyond_http) == (4, 7, 1)


def test_examples_are_few_and_times_are_whole() -> None:
    (tally,) = stack_in(journal(*[b.refused_alert()] * 9, every_s=10.0)).tallies.values()
    assert (tally.count, len(tally.examples)) == (9, EXAMPLES_KEPT)
    assert (tally.first_s, tally.last_s) == (b.START_S + 10.0, b.START_S + 90.0)


def bursts(*times_s: float, controls: int = BARE_CLOSE_CONTROLS_NEEDED) -> Events:
    """Closes without alert at these moments, and controls that worked."""
    events = journal(*[b.relayed_ok()] * controls)
    for number, at_s in enumerate(times_s, start=100):
        events += b.placed(b.closed_in_handshake(), number, b.START_S + at_s)
    return events


BURSTS = {
    "far apart": ((0, 10, 20, 30, 40), 5),
    "all at once": ((0, 0.1, 0.2, 0.3, 0.4), 1),
    "two bursts": ((0, 0.5, 1, 20, 20.5), 2),
    "a chain, each close to the next": ((0, 1.5, 3, 4.5, 6), 1),
    "just apart": ((0, BURST_S + 0.01), 2),
    "not in order": ((40, 0, 30, 10, 20), 5),
}


@pytest.mark.parametrize(("times_s", "count"), BURSTS.values(), ids=BURSTS.keys())
def test_bursts_of_bare_closes_count_once(times_s: tuple[float, ...], count: int) -> None:
    stack = stack_in(bursts(*times_s))
    assert stack.bare_closes == count
    assert stack.count("trusted_ca", Outcome.CLOSED_DURING_HANDSHAKE) == len(times_s)


@pytest.mark.parametrize(
    ("closes", "controls", "refusals"),
    [
        (BARE_CLOSES_NEEDED, BARE_CLOSE_CONTROLS_NEEDED, BARE_CLOSES_NEEDED),
        (BARE_CLOSES_NEEDED - 1, BARE_CLOSE_CONTROLS_NEEDED, 0),
        (BARE_CLOSES_NEEDED, BARE_CLOSE_CONTROLS_NEEDED - 1, 0),
    ],
)
def test_bare_closes_refuse_only_in_numbers_beside_controls(closes: int, controls: int, refusals: int) -> None:
    stack = stack_in(bursts(*[10.0 * number for number in range(closes)], controls=controls))
    assert (stack.bare_refusals, stack.refusals) == (refusals, refusals)


PREFACES: dict[str, tuple[Events, int]] = {
    "every time, while relays talk": (
        [*journal(*[b.preface_only()] * PREFACE_CLOSES_NEEDED, b.relayed_ok())],
        PREFACE_CLOSES_NEEDED,
    ),
    "too few": (journal(*[b.preface_only()] * (PREFACE_CLOSES_NEEDED - 1), b.relayed_ok()), 0),
    "no relay talks": (journal(*[b.preface_only()] * PREFACE_CLOSES_NEEDED, b.relayed_ok(worked=None)), 0),
    "one went on to a request": (
        journal(*[b.preface_only()] * PREFACE_CLOSES_NEEDED, b.accepted(), b.relayed_ok()),
        0,
    ),
}


@pytest.mark.parametrize(("events", "refusals"), PREFACES.values(), ids=PREFACES.keys())
def test_prefaces_alone(events: Events, refusals: int) -> None:
    stack = stack_in(events)
    assert (stack.preface_refusals, stack.refusals_after_handshake) == (refusals, refusals)


class TestRevised:
    """An attempt that turned out otherwise leaves nothing behind of what was first said of it."""

    def test_silence_that_speaks(self) -> None:
        late = ev.ApplicationDataSeen(at_s=15.0, connection_id=0, protocol="other", preface_only=False)
        stack = stack_in(journal([*began(), established(), closed(12.0, by="timer"), late, closed(16.0)]))
        assert {pattern.outcome for pattern in stack.tallies} == {Outcome.DATA_EXCHANGED}
        assert (stack.exchanged_beyond_http, stack.refusals) == (1, 0)

    def test_a_bare_close_whose_alert_comes_late(self) -> None:
        failed = ev.HandshakeFailed(at_s=0.041, connection_id=0, certificate_sent=True, tls_version=None, error="")
        stack = stack_in(journal([*began(), failed, alert(0.042, 46), closed(0.043)]))
        assert {pattern.outcome for pattern in stack.tallies} == {Outcome.ALERT_DURING_HANDSHAKE}
        assert stack.bare_closes == 0

    def test_requests_that_keep_coming(self) -> None:
        stack = stack_in(journal(b.accepted(requests=5)))
        assert (stack.accepts, stack.requests) == (1, 5)
        (tally,) = stack.tallies.values()
        assert [attempt.requests for attempt in tally.examples] == [5]


DOUBTS: dict[str, tuple[Events, int, dict[str, int]]] = {
    "none": (b.pinned_after_handshake(), 0, {}),
    "no SNI": (b.pinned_after_handshake(sni=False), 1, {"name doubt": 1}),
    "mutual TLS": (b.pinned_after_handshake(mutual_tls=True), 1, {"mutual TLS": 1}),
    "a name is missing, after the handshake": (b.alert_after_handshake(names_missing=True), 1, {"name doubt": 1}),
    "without alert": (b.closed_in_handshake(sni=False), 1, {"name doubt": 1}),
    "two at once": (b.pinned_after_handshake(sni=False, mutual_tls=True), 1, {"name doubt": 1, "mutual TLS": 1}),
    "an alert in the handshake stands": (b.refused_alert(sni=False, mutual_tls=True), 0, {}),
    "what was accepted is no doubt": (b.accepted(sni=False, mutual_tls=True), 0, {}),
}


@pytest.mark.parametrize(("connection", "doubtful", "doubts"), DOUBTS.values(), ids=DOUBTS.keys())
def test_doubts(connection: Events, doubtful: int, doubts: dict[str, int]) -> None:
    stack = stack_in(journal(connection))
    assert (stack.doubtful, stack.doubts) == (doubtful, doubts)


TALK: dict[str, tuple[list[int], int, int]] = {
    # bytes of the prefaces, bytes of a relay, refusals
    "a request's worth more": ([64, 64, 64], 64 + REQUEST_LEAST_BYTES, 3),
    "a byte less": ([64, 64, 64], 63 + REQUEST_LEAST_BYTES, 0),
    "more than the largest preface": ([64, 90, 64], 64 + REQUEST_LEAST_BYTES, 0),
}


@pytest.mark.parametrize(("prefaces", "relay", "refusals"), TALK.values(), ids=TALK.keys())
def test_a_relay_that_talks_carries_more_than_a_preface(prefaces: list[int], relay: int, refusals: int) -> None:
    def with_bytes(connection: Events, number: int) -> Events:
        return [*connection[:-1], closed(client_bytes=number)]

    relayed = with_bytes(b.relayed_ok(), relay)
    stack = stack_in(journal(*[with_bytes(b.preface_only(), number) for number in prefaces], relayed))
    assert stack.preface_refusals == refusals


def test_patterns_tell_probe_outcome_alert_and_version() -> None:
    stack = stack_in(journal(b.refused_alert(alert=48), b.pinned_after_handshake(probe_id="unknown_ca")))
    assert {(p.probe_id, p.outcome.value, p.alert, p.tls_version) for p in stack.tallies} == {
        ("trusted_ca", "alert_during_handshake", 48, "TLSv1.3"),
        ("unknown_ca", "closed_without_data", -1, "TLSv1.3"),
    }


def test_patterns_and_fingerprints_are_bounded() -> None:
    alerts = [b.refused_alert(alert=number) for number in range(100, 100 + PATTERNS_KEPT + 5)]
    stack = stack_in(journal(*alerts, alerts[0]))
    assert (len(stack.tallies), stack.patterns_cut > 0) == (PATTERNS_KEPT, True)
    assert max(tally.count for tally in stack.tallies.values()) == 2, "the known ones are counted on"
    assert stack_in(journal(b.accepted())).patterns_cut == 0

    def ja4(text: str) -> Events:
        return [replace(e, ja4=text) if isinstance(e, ev.ClientHelloSeen) else e for e in b.accepted()]

    assert stack_in(journal(*map(ja4, ["a", "", "b", "a", "c", "d"]))).ja4s == ["a", "b", "c"]


CLEAR: dict[str, tuple[Events, int]] = {
    "an alert in the handshake": (b.refused_alert(), 1),
    "an alert in the handshake, without SNI": (b.refused_alert(sni=False), 1),
    "an alert after it": (b.alert_after_handshake(), 1),
    "an alert after it, without SNI": (b.alert_after_handshake(sni=False), 0),
    "a close after it": (b.pinned_after_handshake(), 1),
    "a close after it, without SNI": (b.pinned_after_handshake(sni=False), 0),
    "a close in the handshake": (b.closed_in_handshake(), 0),
    "silence": (b.silent(), 0),
}


@pytest.mark.parametrize(("connection", "number"), CLEAR.values(), ids=CLEAR.keys())
def test_clear_refusals_have_no_other_explanation(connection: Events, number: int) -> None:
    assert len(stack_in(journal(connection)).clear_refusals_s) == number


def test_clear_refusals_come_in_order() -> None:
    stack = stack_in(journal(b.pinned_after_handshake(), b.refused_alert(), b.pinned_after_handshake()))
    assert stack.clear_refusals_s == [b.START_S + 1, b.START_S + 2, b.START_S + 3]
