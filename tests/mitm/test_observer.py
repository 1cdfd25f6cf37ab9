"""From hooks to events: what is told of a connection, whatever name, protocol or order it comes in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from mitmproxy import tls
from mitmproxy.proxy import server_hooks
from mitmproxy.test import tflow
from tests.builders import CONSCRYPT
from tests.mitm.hooks import HOST, Stage, client_hello, of, other_connection, stage
from tests.rooms import attempts_of

from pinprobe import events as ev
from pinprobe.attempts import Outcome
from pinprobe.mitm.relay import RelayLayer
from pinprobe.schedule import Choice, Schedule


@pytest.fixture
def s(tmp_path: Path) -> Any:
    with stage(tmp_path) as made:
        yield made


def choose(monkeypatch: pytest.MonkeyPatch, *probe_ids: str) -> None:
    """These probes, one after another, instead of the schedule's."""
    waiting = list(probe_ids)
    monkeypatch.setattr(Schedule, "choose", lambda *_: Choice(waiting.pop(0)))


def outcomes(journal: list[ev.Event]) -> list[Outcome]:
    return [attempt.outcome for attempt in attempts_of(journal)]


# -- names -------------------------------------------------------------------------------------------------

NAMES: dict[str, tuple[str, str | None, str | None, str]] = {
    # destination, SNI, and what they are called: SNI, endpoint
    "the usual": (HOST, HOST, HOST, HOST),
    "an address, and a name": ("203.0.113.7", HOST, HOST, HOST),
    "an address alone": ("203.0.113.7", None, None, "203.0.113.7"),
    "an IPv6 address": ("2001:DB8::1", None, None, "2001:db8::1"),
    "upper case": ("API.Example.COM", None, None, HOST),
    "a final dot": ("api.example.com.", None, None, HOST),
    "another alphabet": ("bücher.example", None, None, "xn--bcher-kva.example"),
    "domain fronting": ("front.example.net", HOST, HOST, HOST),
}


@pytest.mark.parametrize(("destination", "sent", "sni", "host"), NAMES.values(), ids=NAMES.keys())
def test_names(s: Stage, destination: str, sent: str | None, sni: str | None, host: str) -> None:
    visit = s.visit(destination)
    visit.hello(sent)
    visit.start()
    visit.failed()
    visit.closed()
    journal = s.end()
    (hello,) = of(ev.ClientHelloSeen, journal)
    assert hello.sni == sni
    assert [event.host for event in of(ev.HostKnown, journal)] == [host]
    assert [attempt.endpoint.host for attempt in attempts_of(journal)] == [host]


def test_the_connect_request_names_the_destination(s: Stage) -> None:
    """mitmproxy may resolve or rewrite it later."""
    visit = s.visit("203.0.113.7", 8443)
    flow = tflow.tflow(client_conn=visit.client)
    flow.request.host, flow.request.port = "Api.Example.COM", 443
    s.addon.http_connect(flow)
    visit.hello(None)
    (hello,) = of(ev.ClientHelloSeen, s.end())
    assert (hello.server_host, hello.server_port) == (HOST, 443)


def test_what_is_told_of_a_hello(s: Stage) -> None:
    s.visit().hello(alpn=("h2", "http/1.1"))
    s.visit().hello()
    first, second = of(ev.ClientHelloSeen, s.end())
    assert first.alpn_offers == ("h2", "http/1.1")
    assert first.tls_versions_offered == ("TLSv1.3", "TLSv1.2")
    assert first.ja4.startswith("t13d") and first.ja4 != second.ja4
    assert first.stack == second.stack != CONSCRYPT


def test_clients_are_numbers(s: Stage) -> None:
    for peer in ("192.0.2.1", "192.0.2.9", "192.0.2.1"):
        s.visit(peer=peer)
    opened = of(ev.ConnectionOpened, s.end())
    assert [event.client for event in opened] == [1, 2, 1]
    assert "192.0.2" not in "".join(map(ev.to_json, opened))


# -- interception ---------------------------------------------------------------------------------------------


def test_a_whole_decrypted_connection(s: Stage) -> None:
    visit = s.visit()
    visit.hello()
    visit.server_answers()
    served = visit.start().ssl_conn
    visit.established()
    visit.decrypted(b"GET / HTTP/1.1\r\n")
    visit.request()
    visit.closed()
    journal = s.end()
    assert [type(event).__name__ for event in journal if not isinstance(event, ev.ReplayChainKnown)] == [
        "SessionStarted",
        "ConnectionOpened",
        "HostKnown",
        "ClientHelloSeen",
        "ServerChainSeen",
        "ProbeApplied",
        "HandshakeEstablished",
        "ApplicationDataSeen",
        "RequestSeen",
        "ConnectionClosed",
        "SessionEnded",
    ]
    assert outcomes(journal) == [Outcome.DATA_EXCHANGED]
    (probe,) = of(ev.ProbeApplied, journal)
    assert (probe.probe_id, probe.as_planned, probe.names_missing) == ("trusted_ca", True, False)
    assert served is not None and served.get_certificate() is not None
    (closed,) = of(ev.ConnectionClosed, journal)
    assert (closed.closed_by, closed.client_bytes, closed.requests) == ("client", 16, 1)


@pytest.mark.parametrize("copied", [True, False])
def test_a_name_that_our_leaf_lacks(s: Stage, copied: bool) -> None:
    """Without SNI our certificate is for the address alone, unless mitmproxy copies the names of the server's."""
    s.running.options.update(upstream_cert=copied)
    visit = s.visit("203.0.113.7")
    visit.hello(None)
    visit.server_answers()
    visit.start()
    (probe,) = of(ev.ProbeApplied, s.end())
    assert probe.names_missing is not copied


def test_alerts_and_the_end_of_a_handshake(s: Stage) -> None:
    visit = s.visit()
    visit.hello()
    data = visit.start()
    assert data.ssl_conn is not None
    tap = s.addon._watches[visit.client.id].tap
    assert tap is not None
    tap.sent(bytes(5000))
    tap.info(0x4004, 2 << 8 | 46)
    visit.failed("The client does not trust the proxy's certificate")
    visit.closed()
    journal = s.end()
    assert outcomes(journal) == [Outcome.ALERT_DURING_HANDSHAKE]
    (alert,) = of(ev.AlertReceived, journal)
    assert (alert.level, alert.description, alert.after_established) == (2, 46, False)
    (failed,) = of(ev.HandshakeFailed, journal)
    assert failed.certificate_sent
    assert failed.error == "The client does not trust the proxy's certificate"


def test_a_failure_without_a_hello_is_never_evidence(s: Stage) -> None:
    visit = s.visit()
    visit.failed("connection closed early")
    visit.closed()
    journal = s.end()
    assert of(ev.HandshakeFailed, journal) == []
    assert outcomes(journal) == []


def test_anothers_certificate_is_not_ours(s: Stage) -> None:
    """Another script put its own connection there, before us or after us."""
    before, after = s.visit(), s.visit()
    before.hello()
    data = before.start()
    data.ssl_conn = other_connection()
    before.established()
    before.closed()
    after.hello()
    after.data = tls.TlsData(after.client, context=after.context, ssl_conn=other_connection())
    s.addon.tls_start_client(after.data)
    after.established()
    after.closed()
    journal = s.end()
    assert outcomes(journal) == [Outcome.PROXY_ERROR, Outcome.PROXY_ERROR]
    assert [event.as_planned for event in of(ev.ProbeApplied, journal)] == [True, False, False]


def test_what_cannot_be_served_says_nothing(s: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy of a genuine leaf, where the server was never seen: mitmproxy serves its usual one."""
    choose(monkeypatch, "mimic_genuine")
    visit = s.visit()
    visit.hello()
    assert visit.start().ssl_conn is None
    visit.data.ssl_conn = other_connection()  # type: ignore[union-attr]
    visit.established()
    visit.closed()
    assert outcomes(s.end()) == [Outcome.PROXY_ERROR]


# -- the real server fails ------------------------------------------------------------------------------------------


def test_a_server_that_cannot_be_reached(s: Stage) -> None:
    visit = s.visit()
    visit.context.server.error = "x" * 2000
    s.addon.server_connect_error(server_hooks.ServerConnectionHookData(visit.context.server, visit.client))
    visit.closed()
    journal = s.end()
    (failed,) = of(ev.ServerFailed, journal)
    assert (failed.stage, failed.host, failed.port) == ("connect", HOST, 443)
    assert len(failed.error) < 1000
    assert outcomes(journal) == [Outcome.UPSTREAM_FAILED]


def test_a_server_that_is_not_trusted(s: Stage) -> None:
    visit = s.visit()
    visit.hello()
    visit.context.server.error = "Certificate verify failed: certificate has expired"
    s.addon.tls_failed_server(tls.TlsData(visit.context.server, context=visit.context))
    (failed,) = of(ev.ServerFailed, s.end())
    assert (failed.stage, failed.host) == ("tls", HOST)
    assert "expired" in failed.error


# -- relays ---------------------------------------------------------------------------------------------------------


def test_a_relay_is_told_and_watched(s: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    choose(monkeypatch, "relay")
    visit = s.visit()
    chosen = visit.hello(alpn=("h2",))
    assert isinstance(chosen.layer, RelayLayer)
    assert (visit.client.sni, list(visit.client.alpn_offers)) == (HOST, [b"h2"]), "for mitmproxy's own list"
    visit.closed()
    journal = s.end()
    (probe,) = of(ev.ProbeApplied, journal)
    assert (probe.probe_id, probe.leaf_sha256) == ("relay", None)
    assert outcomes(journal) == [Outcome.RELAY_UNCLEAR]


def test_a_delayed_relay_waits_as_long_as_interception_takes(s: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    choose(monkeypatch, "relay_delayed")
    assert s.addon._session is not None
    s.addon._session.interception_took(0.25)
    chosen = s.visit().hello()
    assert isinstance(chosen.layer, RelayLayer)
    assert chosen.layer._delay_s == 0.25
    (probe,) = of(ev.ProbeApplied, s.end())
    assert probe.probe_id == "relay_delayed"


def test_what_the_user_passes_through_is_no_attempt(s: Stage) -> None:
    """ignore_hosts and its kin: mitmproxy calls no hook of the client's TLS."""
    visit = s.visit()
    visit.says(client_hello())
    visit.closed()
    journal = s.end()
    assert [event.probe_id for event in of(ev.ProbeApplied, journal)] == ["relay"]
    assert outcomes(journal) == [Outcome.RELAY_UNCLEAR]
