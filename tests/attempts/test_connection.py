"""What is gathered of a connection: its endpoint, its doubts, its timeline."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.builders import (
    Events,
    accepted,
    alert,
    answered,
    attributed,
    began,
    closed,
    established,
    inside,
    pin_report,
    pinned_after_handshake,
    repeated,
    server_chain,
)
from tests.rooms import attempt_of

from pinprobe import events as ev
from pinprobe.attempts import Attempt, Endpoint, Outcome, endpoint_named
from pinprobe.attempts.connection import Connection
from pinprobe.attempts.connection import attempt_of as said_of
from pinprobe.attempts.noting import MOMENTS_KEPT


def changed(events: Events, kind: type[ev.Event], **fields: Any) -> Events:
    """The same events, one kind of them changed."""
    return [replace(event, **fields) if isinstance(event, kind) else event for event in events]


def hello(**fields: Any) -> Events:
    return changed(pinned_after_handshake(), ev.ClientHelloSeen, **fields)


@pytest.mark.parametrize(
    ("sni", "server_host", "host"),
    [
        ("api.example.com", "api.example.com", "api.example.com"),
        ("api.example.com", "203.0.113.7", "api.example.com"),
        ("front.example.com", "api.example.com", "front.example.com"),
        (None, "api.example.com", "api.example.com"),
        (None, "203.0.113.7", "203.0.113.7"),
        (None, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_the_endpoint_is_the_sni_else_the_destination(sni: str | None, server_host: str, host: str) -> None:
    endpoint = attempt_of(hello(sni=sni, server_host=server_host, server_port=8443)).endpoint
    assert (endpoint.app_id, endpoint.host, endpoint.port, endpoint.transport) == ("com.example.app", host, 8443, "tcp")


class TestNameDoubt:
    """A wrong name ends exactly like a pin that is checked after the handshake."""

    def test_none_where_names_agree(self) -> None:
        assert not attempt_of(accepted()).name_doubt

    def test_no_sni(self) -> None:
        assert attempt_of(hello(sni=None)).name_doubt

    def test_our_leaf_lacks_a_name_of_the_servers(self) -> None:
        assert attempt_of(pinned_after_handshake(names_missing=True)).name_doubt

    def test_a_request_for_another_host(self) -> None:
        assert attempt_of(accepted(authority="other.example.com")).name_doubt


MISMATCHES = {
    "the same": ({}, {}, ()),
    "another version": ({"tls_version": "TLSv1.2"}, {"tls_version": "TLSv1.3"}, ("tls_version",)),
    "h2 there, none here": ({"alpn": "h2"}, {"alpn": None}, ("alpn",)),
    "none there, h2 here": ({"alpn": None}, {"alpn": "h2"}, ("alpn",)),
    "no protocol, said in two ways": ({"alpn": None}, {"alpn": ""}, ()),
    "both": ({"tls_version": "TLSv1.2", "alpn": "http/1.1"}, {}, ("tls_version", "alpn")),
    "a version that this client never offered": ({"tls_version": "TLSv1.1"}, {"tls_version": "TLSv1.3"}, ()),
    "the server's version is unknown": ({"tls_version": None}, {}, ()),
}


@pytest.mark.parametrize(("server", "client", "expected"), MISMATCHES.values(), ids=MISMATCHES.keys())
def test_tls_mismatch(server: dict[str, Any], client: dict[str, Any], expected: tuple[str, ...]) -> None:
    events = changed(pinned_after_handshake(), ev.ServerChainSeen, **server)
    events = changed(events, ev.HandshakeEstablished, **client)
    assert attempt_of(events).tls_mismatch == expected


def test_no_mismatch_where_the_server_was_not_seen() -> None:
    assert attempt_of(pinned_after_handshake(server=False)).tls_mismatch == ()


def test_the_server_may_answer_after_the_handshake() -> None:
    """With connection_strategy=lazy the real server is asked last."""
    late = server_chain(at_s=0.065, tls_version="TLSv1.2", client_certificate_requested=True)
    attempt = attempt_of([*began(server=False), established(), late, closed(0.071)])
    assert (attempt.tls_mismatch, attempt.mutual_tls) == (("tls_version",), True)


def test_requests_are_the_larger_count() -> None:
    """Only the first few requests are told one by one; the end of the connection has the number."""
    told = accepted(requests=3)
    assert attempt_of(changed(told, ev.ConnectionClosed, requests=40)).requests == 40
    assert attempt_of(changed(told, ev.ConnectionClosed, requests=0)).requests == 3


def test_a_closing_alert_is_not_the_attempts_alert() -> None:
    events = [*began(), established(), alert(0.061, 90, after_established=True), closed(0.065)]
    assert attempt_of(events).alert is None


def test_the_first_certificate_alert_is_the_attempts() -> None:
    assert attempt_of([*began(), alert(0.040, 46), alert(0.041, 48), closed(0.043)]).alert == 46


def test_the_timeline_is_in_milliseconds_and_bounded() -> None:
    attempt = attempt_of(accepted(requests=50))
    assert [(step.ms, step.what) for step in attempt.steps[:3]] == [
        (4, "ClientHello"),
        (31, "the real server answered"),
        (32, "shown trusted_ca"),
    ]
    assert len(attempt.steps) == MOMENTS_KEPT


def test_silence_is_a_moment_of_its_own() -> None:
    attempt = attempt_of([*began(), established(), closed(12.0, by="timer"), closed(15.0)])
    assert [(step.ms, step.what) for step in attempt.steps[-2:]] == [
        (12_000, "silent for long"),
        (15_000, "closed by the client"),
    ]


@pytest.mark.parametrize(
    ("events", "ended"),
    [
        (pinned_after_handshake(), True),
        ([*began(), established(), closed(12.0, by="timer")], False),
        ([*began(), established(), closed(12.0, by="timer"), closed(15.0)], True),
    ],
)
def test_a_timer_ends_the_waiting_and_not_the_connection(events: Events, ended: bool) -> None:
    assert (attempt_of(events).ended_s is not None) is ended


STATUSES = {
    "none was told": ((), False),
    "well": ((200, 204, 302), False),
    "the last that is no error": ((399,), False),
    "the first that is one": ((400,), True),
    "an error among others": ((200, 503, 200), True),
}


@pytest.mark.parametrize(("statuses", "trouble"), STATUSES.values(), ids=STATUSES.keys())
def test_an_error_of_the_real_server_is_trouble(statuses: tuple[int, ...], trouble: bool) -> None:
    assert attempt_of(inside(accepted(), *map(answered, statuses))).trouble is trouble


ENDS: dict[str, tuple[Events, str | None]] = {
    "the client": ([*began(), established(), closed(0.5)], "client"),
    "the proxy": ([*began(), established(), closed(0.5, by="proxy")], "proxy"),
    "the end of the session": ([*began(), established(), closed(0.5, by="shutdown")], "shutdown"),
    "the client, after long": ([*began(), established(), closed(12.0, by="timer"), closed(15.0)], "client"),
}


@pytest.mark.parametrize(("events", "by"), ENDS.values(), ids=ENDS.keys())
def test_who_left(events: Events, by: str | None) -> None:
    assert attempt_of(events).closed_by == by


def test_an_attempt_is_the_apps_that_it_was_attributed_to() -> None:
    assert attempt_of(attributed("com.two", accepted())).endpoint.app_id == "com.two"


def test_the_timeline_tells_of_answers_repetitions_and_reports() -> None:
    report = pin_report()[-2]
    attempt = attempt_of([*began(), established(), answered(503), *repeated(3), report, closed(0.9)])
    assert [step.what for step in attempt.steps[-4:-1]] == [
        "the real server answered 503",
        "the same exchange as on connection 3",
        "pin failure report (trustkit) about api.example.com",
    ]


def test_an_endpoint_named_again_is_the_same_object() -> None:
    named = endpoint_named("com.example.shop", "api.shop.test", 443, "tcp")
    assert named == Endpoint(app_id="com.example.shop", host="api.shop.test", port=443, transport="tcp")
    assert endpoint_named("com.example.shop", "api.shop.test", 443, "tcp") is named
    assert endpoint_named("com.example.shop", "api.shop.test", 8443, "tcp") != named


def test_each_fact_stands_under_its_own_name() -> None:
    """Of one kind of value there are several; here no two that might be confused are alike."""
    endpoint = Endpoint(app_id="com.example.one", host="api.example.com", port=443, transport="tcp")
    connection = Connection(
        opened=ev.ConnectionOpened(at_s=1.5, connection_id=11, client=12, listener="regular@8080", transport="tcp"),
        hello=ev.ClientHelloSeen(
            at_s=1.6,
            connection_id=11,
            sni="api.example.com",
            server_host="api.example.com",
            server_port=443,
            alpn_offers=("h2",),
            tls_versions_offered=("TLSv1.3", "TLSv1.2"),
            ja4="the ja4",
            stack="the stack",
        ),
        probe=ev.ProbeApplied(
            at_s=1.7,
            connection_id=11,
            probe_id="replay_genuine",
            leaf_sha256="the leaf",
            leaf_pin_sha256="the pin",
            names_missing=False,
            as_planned=True,
            chain_id="the chain",
        ),
        server=replace(server_chain(), tls_version="TLSv1.2", alpn="h2", client_certificate_requested=True),
        server_failed=ev.ServerFailed(
            at_s=1.8, connection_id=11, host="api.example.com", port=443, stage="tls", error="expired"
        ),
        established=ev.HandshakeEstablished(
            at_s=1.9, connection_id=11, tls_version="TLSv1.3", alpn="h2", cipher="the cipher", resumed=False
        ),
        failed=ev.HandshakeFailed(at_s=2.0, connection_id=11, certificate_sent=True, tls_version=None, error="gone"),
        alert=ev.AlertReceived(at_s=2.1, connection_id=11, level=2, description=46, after_established=False),
        data=ev.ApplicationDataSeen(at_s=2.2, connection_id=11, protocol="http/1", preface_only=False),
        requests=13,
        answered_s=2.3,
        closed=ev.ConnectionClosed(
            at_s=2.4, connection_id=11, closed_by="proxy", client_bytes=14, server_bytes=15, requests=16
        ),
        moments=[(1.6, "ClientHello")],
    )
    expected = Attempt(
        connection_id=11,
        endpoint=endpoint,
        client=12,
        listener="regular@8080",
        stack="the stack",
        ja4="the ja4",
        probe_id="replay_genuine",
        leaf_pin_sha256="the pin",
        chain_id="the chain",
        outcome=Outcome.SIGNATURE_ALERT,
        alert=46,
        tls_version="TLSv1.3",
        opened_s=1.5,
        ended_s=2.4,
        closed_by="proxy",
        trouble=False,
        answered_s=2.3,
        requests=13,
        client_bytes=14,
        protocol="http/1",
        name_doubt=False,
        tls_mismatch=("tls_version",),
        mutual_tls=True,
        upstream_error="tls: expired",
        error="gone",
        line=17,
        moments=((1.6, "ClientHello"),),
    )
    assert said_of(connection, endpoint, Outcome.SIGNATURE_ALERT, 17) == expected
    in_trouble = replace(connection, trouble=True, foreign_authority=True)
    assert said_of(in_trouble, endpoint, Outcome.SIGNATURE_ALERT, 17) == replace(
        expected, trouble=True, name_doubt=True
    )
    in_trouble.foreign_authority = False
    assert said_of(in_trouble, endpoint, Outcome.SIGNATURE_ALERT, 17) == replace(expected, trouble=True)
