"""In fewer steps, and in nothing else unlike pyOpenSSL: both are put through the same real TLS in memory."""

from __future__ import annotations

import contextlib
import socket
import ssl
import subprocess
from collections.abc import Callable
from socket import MSG_PEEK
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from OpenSSL import SSL
from tests.certificates import HOST, bench

from pinprobe.mitm.direct import BUFFER_BYTES, RECORD_BYTES, DirectConnection
from pinprobe.mitm.tap import CountingConnection, Tap

IDENTITY = bench().pki.leaf([HOST])
SIZES = [1, 100, RECORD_BYTES - 1, RECORD_BYTES, RECORD_BYTES + 1, 3 * RECORD_BYTES, BUFFER_BYTES + 5, 300_000]
VERSIONS = pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])


def serving() -> SSL.Context:
    """A server's settings."""
    served = SSL.Context(SSL.TLS_SERVER_METHOD)
    served.use_certificate_chain_file(str(IDENTITY.chain_path))
    served.use_privatekey_file(str(IDENTITY.key_path))
    return served


def flushed(server: Any, at_once: int = 65535) -> bytes:
    """All that the server has to send."""
    found = b""
    with contextlib.suppress(SSL.WantReadError):
        while True:
            found += server.bio_read(at_once)
    return found


class Pair:
    """A client of Python's, and a server of the class to try."""

    def __init__(self, kind: type[SSL.Connection], version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> None:
        self.server: Any = kind(serving())
        self.server.set_accept_state()
        asking = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        asking.maximum_version = version
        asking.load_verify_locations(bench().pki.root.chain_path)
        self.to_client, self.from_client = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.client = asking.wrap_bio(self.to_client, self.from_client, server_hostname=HOST)
        for _ in range(4):
            with contextlib.suppress(ssl.SSLWantReadError):
                self.client.do_handshake()
            self.to_server()
            with contextlib.suppress(SSL.WantReadError):
                self.server.do_handshake()
            self.to_client.write(self.sent())

    def to_server(self) -> None:
        if data := self.from_client.read():
            self.server.bio_write(data)

    def sent(self, at_once: int = 65535) -> bytes:
        return flushed(self.server, at_once)

    def received(self, at_once: int = 65535) -> list[bytes]:
        """As mitmproxy reads: until there is no more."""
        found = []
        with contextlib.suppress(SSL.WantReadError):
            while True:
                found.append(self.server.recv(at_once))
        return found


def outcome(server: Any, method: str, argument: object) -> object:
    """What it returns, or what it raises."""
    try:
        return getattr(server, method)(argument)
    except (SSL.Error, TypeError) as error:
        return type(error), error.args


@VERSIONS
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("form", [bytes, bytearray, memoryview])
def test_what_is_sent_arrives(form: Callable[[bytes], Any], size: int, version: ssl.TLSVersion) -> None:
    pair, data = Pair(DirectConnection, version), bytes(range(256)) * (size // 256 + 1)
    data = data[:size]
    assert pair.server.sendall(form(data)) == size
    pair.to_client.write(pair.sent())
    got = b""
    while len(got) < size:
        got += pair.client.read(size)
    assert got == data


@VERSIONS
@given(parts=st.lists(st.binary(min_size=1, max_size=40_000), max_size=4), at_once=st.integers(1, 2 * BUFFER_BYTES))
@settings(max_examples=30, deadline=None)
def test_what_comes_is_read(version: ssl.TLSVersion, parts: list[bytes], at_once: int) -> None:
    both = [Pair(kind, version) for kind in (SSL.Connection, DirectConnection)]
    for pair in both:
        for part in parts:
            pair.client.write(part)
        pair.to_server()
    usual, direct = (pair.received(at_once) for pair in both)
    assert b"".join(direct) == b"".join(parts)
    assert list(map(len, direct)) == list(map(len, usual))


@given(size=st.integers(1, 70_000), at_once=st.integers(1, 2 * BUFFER_BYTES))
@settings(max_examples=30, deadline=None)
def test_what_leaves_is_whole_however_it_is_read(size: int, at_once: int) -> None:
    pair = Pair(DirectConnection)
    pair.server.sendall(b"x" * size)
    pair.to_client.write(pair.sent(at_once))
    got = b""
    while len(got) < size:
        got += pair.client.read(size)
    assert got == b"x" * size


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
@pytest.mark.parametrize("kind", [SSL.Connection, DirectConnection])
def test_a_client_that_asks_for_short_records_gets_all(kind: type[SSL.Connection], version: str) -> None:
    """RFC 6066, section 4: OpenSSL then takes 512 bytes at a time. Python's ssl cannot ask for it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        asked = ["openssl", "s_client", "-quiet", "-maxfraglen", "512", version, "-servername", HOST]
        command = [*asked, "-connect", f"127.0.0.1:{port}", "-CAfile", str(bench().pki.root.chain_path)]
        with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as p:
            listening.settimeout(30)
            peer = listening.accept()[0]
            with peer:
                peer.settimeout(30)
                server: Any = kind(serving())
                server.set_accept_state()
                shake_hands(server, peer)
                assert server.sendall(bytes(range(250)) * 40) == 10_000
                server.shutdown()
                peer.sendall(flushed(server))
            got, _ = p.communicate(timeout=30)
    assert got == bytes(range(250)) * 40


def shake_hands(server: Any, peer: socket.socket) -> None:
    while True:
        try:
            server.do_handshake()
        except SSL.WantReadError:
            peer.sendall(flushed(server))
            server.bio_write(peer.recv(65536))
        else:
            peer.sendall(flushed(server))
            return


def test_data_is_not_that_of_the_next_read() -> None:
    """The buffer is one for all connections; what was read from it stays as it was."""
    first, second = Pair(DirectConnection), Pair(DirectConnection)
    first.client.write(b"of the first")
    second.client.write(b"OF THE SECOND")
    first.to_server()
    second.to_server()
    kept = first.server.recv(65535)
    assert second.server.recv(65535) == b"OF THE SECOND"
    second.server.sendall(b"more")
    second.sent()
    assert kept == b"of the first"


def damaged(pair: Pair) -> None:
    pair.client.write(b"damaged on its way")
    record = bytearray(pair.from_client.read())
    record[-1] ^= 0xFF
    pair.server.bio_write(bytes(record))


def closed(pair: Pair) -> None:
    with pytest.raises(ssl.SSLWantReadError):
        pair.client.unwrap()
    pair.to_server()


def cut_off(pair: Pair) -> None:
    pair.server.bio_shutdown()


def in_cleartext(pair: Pair) -> None:
    pair.server.bio_write(b"GET / HTTP/1.1\r\n\r\n")


def refused(pair: Pair) -> None:
    """Our record is damaged, and the client says so."""
    pair.server.sendall(b"damaged on its way")
    record = bytearray(pair.sent())
    record[-1] ^= 0xFF
    pair.to_client.write(bytes(record))
    with pytest.raises(ssl.SSLError):
        pair.client.read()
    pair.to_server()


def nothing(pair: Pair) -> None: ...


def own_end(pair: Pair) -> None:
    pair.server.shutdown()


TROUBLES = [nothing, damaged, closed, cut_off, in_cleartext, refused, own_end]


@VERSIONS
@pytest.mark.parametrize("trouble", TROUBLES)
def test_troubles_end_as_they_do_in_pyopenssl(trouble: Callable[[Pair], None], version: ssl.TLSVersion) -> None:
    ends = []
    for kind in (SSL.Connection, DirectConnection):
        pair = Pair(kind, version)
        trouble(pair)
        said = [outcome(pair.server, "recv", 65535) for _ in range(2)]
        said.append(outcome(pair.server, "sendall", b"answer"))
        ends.append((said, len(pair.sent()), outcome(pair.server, "bio_read", 65535)))
    assert ends[0] == ends[1]


@VERSIONS
@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_connection_with_a_tap_ends_without_an_error(
    trouble: Callable[[Pair], None], version: ssl.TLSVersion
) -> None:
    usual, tapped = Pair(SSL.Connection, version), Pair(CountingConnection, version)
    tapped.server.tap = Tap(
        mock.Mock(name="a listener; what it is told is another test's matter"), 1, lambda *_, **__: None
    )
    for pair in (usual, tapped):
        trouble(pair)
    for _ in range(2):
        expected = outcome(usual.server, "recv", 65535)
        is_no_error = expected in ((SSL.WantReadError, ()), (SSL.ZeroReturnError, ()))
        said = outcome(tapped.server, "recv", 65535)
        assert said == (expected if is_no_error else (SSL.ZeroReturnError, ()))


@pytest.mark.parametrize("method", ["sendall", "bio_write"])
@pytest.mark.parametrize("data", [b"", "text", 7, None, bytearray(b"x"), memoryview(b"x")])
def test_what_is_no_bytes_is_taken_or_refused_as_by_pyopenssl(data: object, method: str) -> None:
    def sent(kind: type[SSL.Connection]) -> tuple[object, int]:
        pair = Pair(kind)
        with contextlib.suppress(DeprecationWarning):
            return outcome(pair.server, method, data), len(pair.sent())
        return None, 0

    assert sent(DirectConnection) == sent(SSL.Connection)


def test_a_look_ahead_takes_nothing_away() -> None:
    pair = Pair(DirectConnection)
    pair.client.write(b"GET /")
    pair.to_server()
    assert pair.server.recv(65535, MSG_PEEK) == pair.server.recv(65535) == b"GET /"
