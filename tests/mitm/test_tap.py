"""What OpenSSL saw, told on real handshakes in memory: alerts by number, bytes, and when our certificate left."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from OpenSSL import SSL
from tests.certificates import HOST, bench
from tests.mitm.pair import flushed, refuse
from tests.mitm.served.stage import configured, start_of

from pinprobe.mitm.direct import DirectConnection
from pinprobe.mitm.served import Server
from pinprobe.mitm.tap import H2_PREFACE, Tap, TappedConnection, application_protocol, info_callback
from pinprobe.probes import TRUSTED_CA


@dataclass
class Told:
    """A listener that notes everything, in order."""

    said: list[tuple[Any, ...]] = field(default_factory=list)

    def alert_received(self, level: int, description: int, *, after_established: bool) -> None:
        self.said.append(("alert", level, description, after_established))

    def alert_sent(self, description: int) -> None:
        self.said.append(("our alert", description))

    def certificate_sent(self) -> None:
        self.said.append(("certificate",))

    def application_data(self, protocol: str, *, preface_only: bool) -> None:
        self.said.append(("data", protocol, preface_only))


class Mute(Told):
    """A listener with nothing but bugs."""

    def alert_received(self, level: int, description: int, *, after_established: bool) -> None:
        raise RuntimeError

    def certificate_sent(self) -> None:
        raise RuntimeError

    def application_data(self, protocol: str, *, preface_only: bool) -> None:
        raise RuntimeError


def guard(call: Callable[..., Any], *arguments: Any, **named: Any) -> None:
    with contextlib.suppress(RuntimeError):
        call(*arguments, **named)


@dataclass
class Ends:
    """A client and our server, and the bytes between them."""

    client: ssl.SSLObject
    to_client: ssl.MemoryBIO
    from_client: ssl.MemoryBIO
    server: TappedConnection
    told: Told

    def to_server(self) -> None:
        if data := self.from_client.read():
            self.server.bio_write(data)

    def handshake(self) -> None:
        """As far as both go."""
        for _ in range(4):
            with contextlib.suppress(ssl.SSLError):
                self.client.do_handshake()
            self.to_server()
            with contextlib.suppress(SSL.Error):
                self.server.do_handshake()
            self.to_client.write(flushed(self.server))


@contextlib.contextmanager
def ends(
    trusts: bool = True,
    told: Told | None = None,
    client: Callable[[ssl.SSLContext], None] | None = None,
    **options: Any,
) -> Iterator[Ends]:
    """A client of Python's, and a connection of ours that shows it mitmproxy's certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    with configured(**options) as running:
        served, leaf = Server().connection(start_of(running), TRUSTED_CA)
        if trusts:
            context.load_verify_locations(bench().folder / "confdir" / "mitmproxy-ca-cert.pem")
        if client is not None:
            client(context)
        listener = told or Told()
        served.tap = Tap(listener, leaf.der_bytes, guard)
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        yield Ends(context.wrap_bio(incoming, outgoing, server_hostname=HOST), incoming, outgoing, served, listener)


def at_most(version: ssl.TLSVersion) -> Callable[[ssl.SSLContext], None]:
    def set_version(context: ssl.SSLContext) -> None:
        context.maximum_version = version

    return set_version


VERSIONS = pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])


@VERSIONS
def test_a_client_that_accepts(version: ssl.TLSVersion) -> None:
    with ends(client=at_most(version)) as e:
        e.handshake()
        assert e.told.said == [("certificate",)]
        assert e.server.tap.established
        e.client.write(b"GET / HTTP/1.1\r\n\r\n")
        e.to_server()
        assert e.server.recv(65536) == b"GET / HTTP/1.1\r\n\r\n"
        e.server.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
        assert e.told.said[1:] == [("data", "http/1", False)]
        assert (e.server.tap.client_bytes, e.server.tap.server_bytes) == (18, 27)


@VERSIONS
def test_what_is_read_after_the_certificate_is_read_without_us(version: ssl.TLSVersion) -> None:
    with ends(client=at_most(version)) as e:
        assert type(e.server) is TappedConnection
        e.handshake()
        assert type(e.server).bio_read is DirectConnection.bio_read


@VERSIONS
def test_a_client_that_does_not_know_the_ca(version: ssl.TLSVersion) -> None:
    with ends(trusts=False, client=at_most(version)) as e:
        e.handshake()
        assert e.told.said == [("certificate",), ("alert", 2, 48, False)]
        assert not e.server.tap.established


@pytest.mark.filterwarnings("ignore:.*elliptic.curve.*:DeprecationWarning")  # mitmproxy 11 sets curves in an old way
def test_a_retry_is_not_the_certificate() -> None:
    """The client's first key share is of another curve than the one we want."""
    with ends(tls_ecdh_curve_client="secp384r1") as e:
        with contextlib.suppress(ssl.SSLError):
            e.client.do_handshake()
        e.to_server()
        with contextlib.suppress(SSL.Error):
            e.server.do_handshake()
        retry = flushed(e.server)
        assert retry and e.told.said == []
        e.to_client.write(retry)
        e.handshake()
        assert e.told.said == [("certificate",)]


def test_a_version_that_we_refuse() -> None:
    with ends(client=at_most(ssl.TLSVersion.TLSv1_2), tls_version_client_min="TLS1_3") as e:
        e.handshake()
        assert e.told.said == [("our alert", 70)]
        assert not e.server.tap.certificate_sent


@VERSIONS
def test_a_fatal_alert_after_the_handshake_is_told_and_ends_the_connection(version: ssl.TLSVersion) -> None:
    """A record that is damaged on its way to the client makes it answer bad_record_mac."""
    with ends(client=at_most(version)) as e:
        e.handshake()
        refuse(e.server, e.client, e.to_client)
        e.to_server()
        with pytest.raises(SSL.ZeroReturnError):
            e.server.recv(65536)
        assert e.told.said == [("certificate",), ("alert", 2, 20, True)]
        assert e.server.tap.client_bytes == 0


@VERSIONS
def test_close_notify_is_no_fatal_alert(version: ssl.TLSVersion) -> None:
    with ends(client=at_most(version)) as e:
        e.handshake()
        with pytest.raises(ssl.SSLError):
            e.client.unwrap()
        e.to_server()
        with pytest.raises(SSL.ZeroReturnError):
            e.server.recv(65536)
        assert e.told.said == [("certificate",), ("alert", 1, 0, True)]


def test_waiting_for_more_is_no_end() -> None:
    with ends() as e:
        e.handshake()
        with pytest.raises(SSL.WantReadError):
            e.server.recv(65536)


def test_only_the_first_bytes_are_told() -> None:
    with ends() as e:
        e.handshake()
        for part in (b"\x10\x20\x00\x04MQTT", b"GET / HTTP/1.1\r\n\r\n"):
            e.client.write(part)
            e.to_server()
            e.server.recv(65536)
        assert e.told.said[1:] == [("data", "other", False)]
        assert e.server.tap.client_bytes == 26


def test_a_listener_full_of_bugs_disturbs_nothing() -> None:
    with ends(told=Mute()) as e:
        e.handshake()
        e.client.write(b"GET / HTTP/1.1\r\n\r\n")
        e.to_server()
        assert e.server.recv(65536).startswith(b"GET")
        assert e.server.tap.certificate_sent


def test_connections_of_others_are_left_alone() -> None:
    info_callback(SSL.Connection(SSL.Context(SSL.TLS_METHOD), None), 0x4004, 0x0230)


PROTOCOLS: dict[bytes, tuple[str, bool]] = {
    b"GET / HTTP/1.1\r\n": ("http/1", False),
    b"PROPFIND /dav": ("http/1", False),
    b"POST": ("other", False),
    H2_PREFACE: ("h2", True),
    H2_PREFACE + b"\0\0\x12\x04\0\0\0\0\0": ("h2", True),
    H2_PREFACE[:10]: ("h2", True),
    b"P": ("h2", True),
    b"PRI * HTTP/1.1\r\n": ("http/1", False),
    b"\x10\x20\x00\x04MQTT": ("other", False),
    b"get / http/1.1": ("other", False),
    b"\x16\x03\x01": ("other", False),
}


@pytest.mark.parametrize(("data", "expected"), PROTOCOLS.items())
def test_what_the_first_bytes_are(data: bytes, expected: tuple[str, bool]) -> None:
    assert application_protocol(data) == expected
