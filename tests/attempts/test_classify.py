"""Every outcome from the events that make it, in every order in which they may come.

Each case is a whole connection; the table is what a reader of the journal would have to agree with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from tests import builders as b
from tests.builders import Events, alert, began, closed, established, journal
from tests.rooms import attempts_of, outcome_of

from pinprobe import events as ev
from pinprobe.attempts import Outcome
from pinprobe.attempts.outcome import CERTIFICATE_ALERTS
from pinprobe.thresholds import LONG_S, SOON_MAX_S, SOON_MIN_S


def failed(at_s: float = 0.042, *, certificate_sent: bool = True) -> ev.HandshakeFailed:
    return ev.HandshakeFailed(
        at_s=at_s, connection_id=0, certificate_sent=certificate_sent, tls_version=None, error="in prose"
    )


def data(at_s: float = 0.064, *, protocol: str = "h2", preface_only: bool = False) -> ev.ApplicationDataSeen:
    return ev.ApplicationDataSeen(at_s=at_s, connection_id=0, protocol=protocol, preface_only=preface_only)


def request(at_s: float = 0.070) -> ev.RequestSeen:
    return ev.RequestSeen(at_s=at_s, connection_id=0, authority_host="api.example.com", authority_port=443)


def alert_sent(description: int) -> ev.AlertSent:
    return ev.AlertSent(at_s=0.041, connection_id=0, description=description)


def server_failed(stage: str = "tls") -> ev.ServerFailed:
    return ev.ServerFailed(
        at_s=0.031, connection_id=0, host="api.example.com", port=443, stage=stage, error="certificate has expired"
    )


def without(events: Sequence[ev.Event], *kinds: type[ev.Event]) -> Events:
    return [event for event in events if not isinstance(event, kinds)]


BEFORE_CERTIFICATE = without(began(), ev.CertificateSent)
OPENED_ONLY = began()[:1]

CASES: dict[str, tuple[Outcome, Events]] = {
    # -- as the builders make them
    "requests": (Outcome.DATA_EXCHANGED, b.accepted()),
    "preface and no more": (Outcome.PREFACE_ONLY, b.preface_only()),
    "a close in the handshake": (Outcome.CLOSED_DURING_HANDSHAKE, b.closed_in_handshake()),
    "left before our certificate": (Outcome.CLOSED_BEFORE_CERTIFICATE, b.closed_before_certificate()),
    "OkHttp's CertificatePinner": (Outcome.CLOSED_WITHOUT_DATA, b.pinned_after_handshake()),
    "an alert after the handshake": (Outcome.ALERT_AFTER_HANDSHAKE, b.alert_after_handshake()),
    "mute for long": (Outcome.SILENT, b.silent()),
    "no certificate shown": (Outcome.RESUMED, b.resumed()),
    "server unreachable": (Outcome.UPSTREAM_FAILED, b.upstream_failed()),
    "another certificate served": (Outcome.PROXY_ERROR, b.proxy_error()),
    "another certificate served, and only the end told": (
        Outcome.PROXY_ERROR,
        [*began(as_planned=False), closed()],
    ),
    "another certificate served, and only the failure told": (
        Outcome.PROXY_ERROR,
        [*began(as_planned=False), failed()],
    ),
    "another certificate served, refused": (Outcome.PROXY_ERROR, b.refused_alert(as_planned=False)),
    "the control worked": (Outcome.RELAY_WORKED, b.relayed_ok()),
    "the control failed": (Outcome.RELAY_FAILED, b.relayed_failed()),
    "the control ended too early": (Outcome.RELAY_UNCLEAR, b.relayed_ok(worked=None)),
    "the control never said a word": (
        Outcome.RELAY_UNCLEAR,
        [*began(probe_id="relay"), closed()],
    ),
    "the control had no server": (
        Outcome.UPSTREAM_FAILED,
        [*began(probe_id="relay"), server_failed("connect"), closed()],
    ),
    "open at the end": (Outcome.UNFINISHED, b.unfinished()),
    # -- data
    "bytes of another protocol": (
        Outcome.DATA_EXCHANGED,
        [*began(), established(), data(protocol="other"), closed()],
    ),
    "half a request": (Outcome.DATA_EXCHANGED, [*began(), established(), data(protocol="http/1"), closed()]),
    "preface, then a request": (
        Outcome.DATA_EXCHANGED,
        [*began(), established(), data(preface_only=True), request(), closed(requests=1)],
    ),
    "a request told before its bytes": (Outcome.DATA_EXCHANGED, [*began(), established(), request(), data()]),
    "data after a resumed handshake": (
        Outcome.RESUMED,
        [*began(), established(resumed=True), data(), request(), closed(requests=1)],
    ),
    "decode_error after data is benign": (
        Outcome.DATA_EXCHANGED,
        [*began(), established(), data(), alert(0.5, 50, after_established=True), closed()],
    ),
    "a certificate alert after data": (
        Outcome.DATA_EXCHANGED,
        [*began(), established(), data(), alert(0.5, 46, after_established=True), closed()],
    ),
    # -- alerts that are a close, or nothing
    "user_canceled and close_notify after the handshake": (
        Outcome.CLOSED_WITHOUT_DATA,
        [
            *began(),
            established(),
            alert(0.061, 90, after_established=True),
            alert(0.062, 0, after_established=True),
            closed(0.065),
        ],
    ),
    "user_canceled, and never a disconnect": (
        Outcome.SILENT,
        [*began(), established(), alert(0.061, 90, level=1, after_established=True), closed(10.1, by="timer")],
    ),
    "close_notify in the handshake": (
        Outcome.CLOSED_DURING_HANDSHAKE,
        [*began(), alert(0.041, 0), failed(), closed(0.043)],
    ),
    "user_canceled, then the certificate alert": (
        Outcome.ALERT_DURING_HANDSHAKE,
        [*began(), alert(0.040, 90), alert(0.041, 46), failed(), closed(0.043)],
    ),
    "the certificate alert, then close_notify": (
        Outcome.ALERT_DURING_HANDSHAKE,
        [*began(), alert(0.041, 46), alert(0.0415, 0), failed(), closed(0.043)],
    ),
    "a warning in the handshake, then a close": (
        Outcome.CLOSED_DURING_HANDSHAKE,
        [*began(), alert(0.041, 46, level=1), failed(), closed(0.043)],
    ),
    "a warning after the handshake, then data": (
        Outcome.DATA_EXCHANGED,
        [*began(), established(), alert(0.061, 46, level=1, after_established=True), data(), closed()],
    ),
    "a warning about the name, then the handshake": (
        Outcome.CLOSED_WITHOUT_DATA,
        [*began(), alert(0.041, 112, level=1), established(), closed(0.5)],
    ),
    # -- alerts that are not about the certificate
    "protocol_version": (Outcome.OTHER_ALERT, b.refused_alert(alert=70)),
    "no_application_protocol": (Outcome.OTHER_ALERT, b.refused_alert(alert=120)),
    "decrypt_error under normal interception": (Outcome.OTHER_ALERT, b.refused_alert(alert=51)),
    "decrypt_error after the handshake": (Outcome.OTHER_ALERT, b.alert_after_handshake(number=51)),
    "unassigned": (Outcome.OTHER_ALERT, b.refused_alert(alert=200)),
    "a certificate alert before our certificate": (
        Outcome.OTHER_ALERT,
        [*BEFORE_CERTIFICATE, alert(0.041, 46), failed(certificate_sent=False), closed()],
    ),
    "we refused": (
        Outcome.PROXY_ERROR,
        [*BEFORE_CERTIFICATE, alert_sent(40), failed(certificate_sent=False), closed()],
    ),
    "JSSE gives up waiting: user_canceled, which our OpenSSL answers with unexpected_message": (
        Outcome.CLOSED_BEFORE_CERTIFICATE,
        [
            *BEFORE_CERTIFICATE,
            alert(0.040, 90, level=1),
            alert_sent(10),
            failed(certificate_sent=False),
            closed(0.043),
        ],
    ),
    # -- the keyless replay
    "decrypt_error under a replay": (Outcome.SIGNATURE_ALERT, b.refused_alert(alert=51, probe_id="replay_genuine")),
    "JSSE under a replay": (Outcome.SIGNATURE_ALERT, b.refused_alert(alert=40, probe_id="replay_foreign")),
    "refused under a replay": (Outcome.ALERT_DURING_HANDSHAKE, b.refused_alert(alert=46, probe_id="replay_foreign")),
    # -- the real server
    "server untrusted, client refuses us": (
        Outcome.ALERT_DURING_HANDSHAKE,
        [*began(server=False), server_failed(), alert(0.041, 46), failed(), closed()],
    ),
    "server untrusted, client closes after the handshake": (
        Outcome.CLOSED_WITHOUT_DATA,
        [*began(server=False), server_failed(), established(), closed(0.1)],
    ),
    "server gone, the proxy ends it": (
        Outcome.UPSTREAM_FAILED,
        [*BEFORE_CERTIFICATE, server_failed("connect"), closed(by="proxy")],
    ),
    "server gone before any hello": (
        Outcome.UPSTREAM_FAILED,
        [*OPENED_ONLY, server_failed("connect"), closed(0.05)],
    ),
    "the proxy busy with the server, and the client gives up": (
        Outcome.CLOSED_BEFORE_CERTIFICATE,
        [*without(began(server=False), ev.CertificateSent, ev.ProbeApplied), closed(9.0)],
    ),
    # -- order is no contract
    "the disconnect told before the failure, with an alert": (
        Outcome.ALERT_DURING_HANDSHAKE,
        [*began(), alert(0.041, 46), closed(0.042), failed(0.043)],
    ),
    "the disconnect told before the failure, without": (
        Outcome.CLOSED_DURING_HANDSHAKE,
        [*began(), closed(0.042), failed(0.043)],
    ),
    "the disconnect told before the failure, no certificate": (
        Outcome.CLOSED_BEFORE_CERTIFICATE,
        [*BEFORE_CERTIFICATE, closed(0.042), failed(0.043, certificate_sent=False)],
    ),
    "an alert, and the end never told": (Outcome.ALERT_DURING_HANDSHAKE, [*began(), alert(0.041, 46), failed()]),
    "an alert, and nothing else told": (Outcome.ALERT_DURING_HANDSHAKE, [*began(), alert(0.041, 46)]),
    "an alert told after the failure": (
        Outcome.ALERT_DURING_HANDSHAKE,
        [*began(), failed(), alert(0.0421, 46), closed(0.043)],
    ),
    "the timer, then data": (
        Outcome.DATA_EXCHANGED,
        [*began(), established(), closed(12.0, by="timer"), data(15.0), request(15.1), closed(16.0, requests=1)],
    ),
    "the timer, then an alert": (
        Outcome.ALERT_AFTER_HANDSHAKE,
        [*began(), established(), closed(12.0, by="timer"), alert(15.0, 46, after_established=True), closed(15.1)],
    ),
    "the timer, then a close": (Outcome.SILENT, [*began(), established(), closed(12.0, by="timer"), closed(15.0)]),
    "the timer, then the end of the session": (
        Outcome.SILENT,
        [*began(), established(), closed(12.0, by="timer"), closed(13.0, by="shutdown")],
    ),
    # -- the end of the session
    "shutdown in the handshake": (Outcome.UNFINISHED, [*began(), closed(0.05, by="shutdown")]),
    "shutdown right after it": (Outcome.UNFINISHED, [*began(), established(), closed(0.07, by="shutdown")]),
    "shutdown after a long silence": (Outcome.SILENT, [*began(), established(), closed(11.0, by="shutdown")]),
    "shutdown amid data": (Outcome.DATA_EXCHANGED, [*began(), established(), data(), closed(by="shutdown")]),
    "the journal just ends": (Outcome.UNFINISHED, [*began(), established()]),
    "the server closes first": (Outcome.UNFINISHED, [*began(), established(), closed(0.1, by="proxy")]),
}


@pytest.mark.parametrize(("outcome", "events"), CASES.values(), ids=CASES.keys())
def test_outcome(outcome: Outcome, events: Events) -> None:
    assert outcome_of(events) is outcome


def test_every_outcome_has_a_case() -> None:
    assert {outcome for outcome, _ in CASES.values()} == set(Outcome)


@pytest.mark.parametrize("number", range(256))
def test_alerts_in_the_handshake_by_number(number: int) -> None:
    if number in CERTIFICATE_ALERTS:
        expected = Outcome.ALERT_DURING_HANDSHAKE
    elif number in {0, 90}:
        expected = Outcome.CLOSED_DURING_HANDSHAKE
    else:
        expected = Outcome.OTHER_ALERT
    assert outcome_of(b.refused_alert(alert=number)) is expected


SOON: dict[str, tuple[float, float, Outcome]] = {
    # handshake time, time until the close after it
    "fast handshake, close just soon enough": (0.05, SOON_MIN_S - 0.01, Outcome.CLOSED_WITHOUT_DATA),
    "fast handshake, close a little later": (0.05, SOON_MIN_S + 0.01, Outcome.SILENT),
    "slow handshake, 'soon' grows with it": (0.40, 1.99, Outcome.CLOSED_WITHOUT_DATA),
    "slow handshake, beyond that": (0.40, 2.01, Outcome.SILENT),
    "very slow handshake, 'soon' has its bound": (5.00, SOON_MAX_S - 0.01, Outcome.CLOSED_WITHOUT_DATA),
    "very slow handshake, an idle preconnect": (5.00, 3.00, Outcome.SILENT),
}


@pytest.mark.parametrize(("handshake_s", "open_s", "outcome"), SOON.values(), ids=SOON.keys())
def test_soon_scales_with_the_measured_handshake(handshake_s: float, open_s: float, outcome: Outcome) -> None:
    start = began()
    hello_s = next(event.at_s for event in start if isinstance(event, ev.ClientHelloSeen))
    events = [*start, established(hello_s + handshake_s), closed(hello_s + handshake_s + open_s)]
    assert outcome_of(events) is outcome


@pytest.mark.parametrize(("open_s", "outcome"), [(LONG_S - 0.1, Outcome.UNFINISHED), (LONG_S + 0.1, Outcome.SILENT)])
@pytest.mark.parametrize("by", ["shutdown", "proxy"])
def test_long(by: str, open_s: float, outcome: Outcome) -> None:
    assert outcome_of([*began(), established(0.1), closed(0.1 + open_s, by=by)]) is outcome


def test_a_failure_without_a_hello_is_no_attempt() -> None:
    assert attempts_of(journal([*OPENED_ONLY, failed(), closed()])) == []
    assert attempts_of(journal([*OPENED_ONLY, closed()])) == []


def test_a_resumed_handshake_is_never_evidence_however_it_ends() -> None:
    for ending in ([closed(0.07)], [alert(0.07, 46, after_established=True), closed(0.08)], [closed(12.0, by="timer")]):
        assert outcome_of([*began(), established(resumed=True), *ending]) is Outcome.RESUMED


def test_the_certificate_served_last_is_the_one_that_counts() -> None:
    """Another script may take our place after the probe was told; the correction comes as a second event."""
    correction = replace(next(e for e in began() if isinstance(e, ev.ProbeApplied)), at_s=0.041, as_planned=False)
    assert outcome_of([*began(), correction, alert(0.041, 46), failed(), closed()]) is Outcome.PROXY_ERROR
