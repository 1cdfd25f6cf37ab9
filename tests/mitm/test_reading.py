"""Small readings of mitmproxy's and pyOpenSSL's objects."""

from __future__ import annotations

import ssl
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mitmproxy import http, tls
from mitmproxy.proxy.layers.tls import parse_client_hello
from mitmproxy.test import tflow
from OpenSSL import SSL
from tests.certificates import HOST
from tests.mitm.served.stage import chain_shown, configured, start_of

from pinprobe.mitm import fingerprint
from pinprobe.mitm.names import host_name
from pinprobe.mitm.reading import (
    error_words,
    header_of,
    hello_parts,
    host_and_port,
    host_of,
    is_crl_of_ours,
    negotiated,
    resumed,
    was_ignored,
)
from pinprobe.mitm.served import Server
from pinprobe.mitm.watch import Watch
from pinprobe.probes import TRUSTED_CA


def client_hello(alpn: list[str] | None = None, maximum: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> tls.ClientHello:
    """What Python's ssl sends first."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.maximum_version = maximum
    if alpn:
        context.set_alpn_protocols(alpn)
    outgoing = ssl.MemoryBIO()
    client = context.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname=HOST)
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    hello = parse_client_hello(outgoing.read())
    assert hello is not None
    return hello


def test_a_real_hello_has_its_parts() -> None:
    parts = hello_parts(client_hello(["h2", "http/1.1"]))
    assert parts.legacy_version == 0x0303
    assert parts.alpn_protocols == (b"h2", b"http/1.1")
    assert [fingerprint.version_name(v) for v in fingerprint.versions_offered(parts)] == ["TLSv1.3", "TLSv1.2"]
    assert fingerprint.ja4(parts).startswith("t13d")
    assert fingerprint.ja4(parts)[8:10] == "h2"


def test_a_real_client_keeps_its_stack_across_hosts_and_protocols() -> None:
    stacks = {fingerprint.stack(hello_parts(client_hello(alpn))) for alpn in (None, ["h2"], ["http/1.1"])}
    assert len(stacks) == 1
    older = hello_parts(client_hello(maximum=ssl.TLSVersion.TLSv1_2))
    assert fingerprint.ja4(older).startswith("t12d")
    assert fingerprint.stack(older) not in stacks


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (None, (None, 0)),
        (("Example.COM.", 443), ("example.com", 443)),
        (("2001:DB8::1", 8443, 0, 0), ("2001:db8::1", 8443)),
    ],
)
def test_addresses(address: Any, expected: tuple[str | None, int]) -> None:
    assert host_and_port(address) == expected


@pytest.mark.parametrize(
    ("error", "kept"),
    [
        (None, ""),
        ("connection closed early", "connection closed early"),
        ("Cannot parse ClientHello: 16030100aa0100006162", "Cannot parse ClientHello: …"),
        (
            "OpenSSL Error([('SSL routines', '', 'no shared cipher')])",
            "OpenSSL Error([('SSL routines', '', 'no shared cipher')])",
        ),
        ("Connect call failed ('2001:db8::1', 443, 0, 0)", "Connect call failed ('2001:db8::1', 443, 0, 0)"),
        ("x" * 600, "x" * 500),
    ],
)
def test_mitmproxys_errors_without_the_bytes_they_quote(error: str | None, kept: str) -> None:
    assert error_words(error) == kept


@pytest.mark.parametrize(
    ("path", "ours"),
    [
        ("/mitmproxy-ab12.crl", True),
        ("/mitmproxy-", False),
        ("/other.crl", False),
        ("/x/mitmproxy-ab12.crl", False),
    ],
)
def test_paths_of_our_own_lists(path: str, ours: bool) -> None:
    assert is_crl_of_ours(path.encode()) is ours


def test_what_was_negotiated() -> None:
    with configured() as running:
        served, _ = Server().connection(start_of(running, tls_version="TLSv1.2"), TRUSTED_CA)
        chain_shown(served)
        data = start_of(running)
        assert negotiated(data) is None
        data.ssl_conn = served
        assert negotiated(data) == "TLSv1.2"
        assert not resumed(served)


def test_a_session_that_is_used_again_is_resumed() -> None:
    """mitmproxy's own contexts would issue tickets; this one is OpenSSL's default."""
    settings = SSL.Context(SSL.TLS_METHOD)
    settings.set_max_proto_version(SSL.TLS1_2_VERSION)
    settings.set_cipher_list(b"aNULL@SECLEVEL=0")
    settings.set_session_id(b"test")
    session, found, kept = None, [], []
    for _ in range(2):
        client, server = SSL.Connection(settings, None), SSL.Connection(settings, None)
        kept.append((client, server))  # one that is dropped without its close_notify takes its session with it
        client.set_connect_state()
        server.set_accept_state()
        if session is not None:
            client.set_session(session)
        for _ in range(4):
            for one, other in ((client, server), (server, client)):
                try:
                    one.do_handshake()
                except SSL.WantReadError:
                    pass
                try:
                    other.bio_write(one.bio_read(65536))
                except SSL.WantReadError:
                    pass
        session = client.get_session()
        found.append(resumed(server))
    assert found == [False, True]


def test_a_connection_that_mitmproxy_passed_through() -> None:
    watch = Watch(1, "tcp", lambda event: None)
    assert was_ignored(watch), "no hook of the client's TLS was called at all"
    watch.failed = True
    assert not was_ignored(watch)


@pytest.mark.parametrize(
    ("authority", "expected"),
    [
        ("api.example.com", "api.example.com"),
        ("API.example.com:8443", "api.example.com"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("", "192.0.2.7"),
        ("a" * 300 + ".example", ("a" * 300)[:253]),
    ],
)
@pytest.mark.parametrize("version", [b"HTTP/1.1", b"HTTP/2.0"])
def test_the_host_of_a_request_is_what_it_names(authority: str, expected: str, version: bytes) -> None:
    request = tflow.tflow().request
    request.data.http_version, request.host = version, "192.0.2.7"
    if version == b"HTTP/2.0":
        request.data.authority = authority.encode()
        request.headers.pop("host", None)
    elif authority:
        request.headers["host"] = authority
    assert host_of(request) == expected == (host_name(request.pretty_host) if authority else expected)


NAMES = st.sampled_from([b"content-type", b"Content-Type", b"CONTENT-TYPE", b"content-typo", b"user-agent", b"x"])


@given(st.lists(st.tuples(NAMES, st.binary(max_size=5)), max_size=6))
def test_a_header_is_what_mitmproxy_says_it_is(fields: list[tuple[bytes, bytes]]) -> None:
    request = tflow.tflow().request
    request.headers = http.Headers(fields)
    for name in (b"content-type", b"user-agent"):
        assert header_of(request, name) == request.headers.get(name.decode(), "")
