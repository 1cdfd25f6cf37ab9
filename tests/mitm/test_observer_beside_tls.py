"""What is told beside intercepted TLS: cleartext, raw TCP, datagrams, and bytes that are no ClientHello."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from mitmproxy.test import tflow
from tests.mitm.hooks import HOST, Stage, of, stage

from pinprobe import events as ev


@pytest.fixture
def s(tmp_path: Path) -> Iterator[Stage]:
    with stage(tmp_path) as made:
        yield made


@pytest.mark.parametrize(
    ("path", "host", "told"),
    [("/", HOST, True), ("/mitmproxy-1a.crl", HOST, False), ("/", "mitm.it", False)],
    ids=["a request", "our own revocation list", "mitmproxy's own page"],
)
def test_cleartext_http(s: Stage, path: str, host: str, told: bool) -> None:
    visit = s.visit(port=80)
    visit.request(host, scheme=b"http", path=path)
    visit.request(host, scheme=b"http", path=path)
    visit.closed()
    found = of(ev.CleartextSeen, s.end())
    seen = [(event.host, event.port, event.protocol, event.purpose) for event in found]
    assert seen == ([(HOST, 80, "http", "content")] * 2 if told else [])


PURPOSES: dict[str, tuple[str, str, str, str]] = {
    # host, path, content type, purpose
    "a page": (HOST, "/index.html", "", ev.CONTENT),
    "OCSP": ("ocsp.example.org", "/", "application/ocsp-request", ev.REVOCATION),
    "OCSP by GET, of an authority of the catalog": ("ocsp.digicert.com", "/MFEwTzBN", "", ev.REVOCATION),
    "a list of revoked certificates": (HOST, "/ca.crl", "", ev.REVOCATION),
    "a look for a captive portal": (HOST, "/generate_204", "", ev.CONNECTIVITY),
}


@pytest.mark.parametrize(("host", "path", "content_type", "purpose"), PURPOSES.values(), ids=PURPOSES.keys())
def test_what_cleartext_is_for(s: Stage, host: str, path: str, content_type: str, purpose: str) -> None:
    visit = s.visit(host, port=80)
    visit.request(host, b"http", path, content_type=content_type)
    visit.closed()
    journal = s.end()
    assert [event.purpose for event in of(ev.CleartextSeen, journal)] == [purpose]
    assert path == "/" or path not in "".join(map(ev.to_json, journal)), "the path itself is kept nowhere"


def test_requests_are_told_a_few_times_and_counted_all(s: Stage) -> None:
    visit = s.visit()
    visit.hello()
    visit.start()
    visit.established()
    for _ in range(10):
        visit.request()
    visit.request("other.example.com")
    visit.closed()
    journal = s.end()
    assert [event.authority_host for event in of(ev.RequestSeen, journal)] == [HOST] * 3 + ["other.example.com"]
    assert of(ev.ConnectionClosed, journal)[0].requests == 11


def test_a_replayed_flow_is_nobodys_request(s: Stage) -> None:
    visit = s.visit()
    flow = tflow.tflow(client_conn=visit.client)
    flow.live = False
    s.addon.requestheaders(flow)
    visit.closed()
    kinds = [type(event).__name__ for event in s.end()]
    assert kinds == ["SessionStarted", "ConnectionOpened", "ConnectionClosed", "SessionEnded"]


def test_raw_tcp(s: Stage) -> None:
    visit = s.visit("broker.example.com", 1883)
    flow = tflow.ttcpflow(client_conn=visit.client, server_conn=visit.context.server)
    flow.live = True
    s.addon.tcp_start(flow)
    visit.closed()
    (seen,) = of(ev.CleartextSeen, s.end())
    assert (seen.host, seen.port, seen.protocol) == ("broker.example.com", 1883, "tcp")


DATAGRAMS: dict[str, tuple[int, bytes, str | None]] = {
    "QUIC version 1": (443, bytes.fromhex("c300000001") + bytes(20), "quic"),
    "QUIC of the future": (443, bytes.fromhex("e3ff0000ff") + bytes(20), "quic"),
    "version negotiation": (443, bytes.fromhex("c300000000") + bytes(20), "other"),
    "a short header": (443, bytes.fromhex("43000000ff") + bytes(20), "other"),
    "WebRTC": (3478, bytes.fromhex("000100002112a442") + bytes(12), "other"),
    "too short to tell": (443, b"\xc3", "other"),
    "a name lookup": (53, bytes(30), None),
    "nothing": (443, b"", None),
}


@pytest.mark.parametrize(("port", "data", "protocol"), DATAGRAMS.values(), ids=DATAGRAMS.keys())
def test_datagrams(s: Stage, port: int, data: bytes, protocol: str | None) -> None:
    visit = s.visit("video.example.net", port, transport="udp")
    visit.says(data)
    visit.closed()
    found = of(ev.DatagramSeen, s.end())
    assert [(event.host, event.port, event.protocol) for event in found] == (
        [("video.example.net", port, protocol)] if protocol else []
    )
    assert [event.blocked for event in found] == ([protocol == "quic"] if protocol else [])


@pytest.mark.parametrize(
    "data", [b"GET / HTTP/1.1\r\n", b"\x16\x03\x01\x00\x05hello", b"\x16\x03\x01\xff\xff" + bytes(100), b"SSH-2.0-x"]
)
def test_bytes_that_are_no_hello(s: Stage, data: bytes) -> None:
    visit = s.visit()
    try:
        visit.says(data)
    except Exception as error:  # mitmproxy's signal to wait for more
        assert type(error).__name__ == "AddonHalt"
    visit.closed()
    assert of(ev.ClientHelloSeen, s.end()) == []


def test_tls_to_the_proxy_itself_is_no_attempt(s: Stage) -> None:
    visit = s.visit()
    visit.context.server.address = None
    visit.hello()
    visit.start()
    visit.established()
    visit.closed()
    journal = s.end()
    assert of(ev.ClientHelloSeen, journal) == []
    assert of(ev.HandshakeEstablished, journal) == []
