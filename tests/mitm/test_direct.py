"""In fewer steps, and in nothing else unlike pyOpenSSL: both are put through the same real TLS in memory."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Callable
from socket import MSG_PEEK
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from OpenSSL import SSL
from tests.certificates import HOST, bench

from pinprobe.mitm.direct import BUFFER_BYTES, RECORD_BYTES, DirectConnection

IDENTITY = bench().pki.leaf([HOST])
SIZES = [1, 100, RECORD_BYTES - 1, RECORD_BYTES, RECORD_BYTES + 1, 3 * RECORD_BYTES, BUFFER_BYTES + 5, 300_000]
VERSIONS = pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])


class Pair:
    """A client of Python's, and a server of the class to try."""

    def __init__(self, kind: type[SSL.Connection], version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> None:
        served = SSL.Context(SSL.TLS_SERVER_METHOD)
        served.use_certificate_chain_file(str(IDENTITY.chain_path))
        served.use_privatekey_file(str(IDENTITY.key_path))
        self.server: Any = kind(served)
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
        """All that the server has to send."""
        found = b""
        with contextlib.suppress(SSL.WantReadError):
            while True:
                found += self.server.bio_read(at_once)
        return found

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
