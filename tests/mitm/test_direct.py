"""In fewer steps, and in nothing else unlike pyOpenSSL: both are put through the same real TLS in memory."""

from __future__ import annotations

import contextlib
import socket
import ssl
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from socket import MSG_PEEK
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from OpenSSL import SSL
from tests.certificates import HOST, bench
from tests.mitm.pair import Pair, flushed, outcome, refuse, serving

from pinprobe.mitm.direct import BUFFER_BYTES, RECORD_BYTES, DirectConnection
from pinprobe.mitm.tap import CountingConnection, Tap

SIZES = [1, 100, RECORD_BYTES - 1, RECORD_BYTES, RECORD_BYTES + 1, 3 * RECORD_BYTES, BUFFER_BYTES + 5, 300_000]
VERSIONS = pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])


@VERSIONS
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("form", [bytes, bytearray, memoryview])
def test_what_is_sent_arrives(form: Callable[[bytes], Any], size: int, version: ssl.TLSVersion) -> None:
    pair, data = Pair(DirectConnection, version), bytes(range(256)) * (size // 256 + 1)
    data = data[:size]
    assert pair.ours.sendall(form(data)) == size
    pair.to_them.write(pair.sent())
    got = b""
    while len(got) < size:
        got += pair.theirs.read(size)
    assert got == data


@VERSIONS
@given(parts=st.lists(st.binary(min_size=1, max_size=40_000), max_size=4), at_once=st.integers(1, 2 * BUFFER_BYTES))
@settings(max_examples=30, deadline=None)
def test_what_comes_is_read(version: ssl.TLSVersion, parts: list[bytes], at_once: int) -> None:
    both = [Pair(kind, version) for kind in (SSL.Connection, DirectConnection)]
    for pair in both:
        for part in parts:
            pair.theirs.write(part)
        pair.to_us()
    usual, direct = (pair.received(at_once) for pair in both)
    assert b"".join(direct) == b"".join(parts)
    assert list(map(len, direct)) == list(map(len, usual))


@given(size=st.integers(1, 70_000), at_once=st.integers(1, 2 * BUFFER_BYTES))
@settings(max_examples=30, deadline=None)
def test_what_leaves_is_whole_however_it_is_read(size: int, at_once: int) -> None:
    pair = Pair(DirectConnection)
    pair.ours.sendall(b"x" * size)
    pair.to_them.write(pair.sent(at_once))
    got = b""
    while len(got) < size:
        got += pair.theirs.read(size)
    assert got == b"x" * size


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
@pytest.mark.parametrize("kind", [SSL.Connection, DirectConnection, CountingConnection])
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
                server.tap = tap()
                server.set_accept_state()
                shake_hands(server, peer)
                assert server.sendall(bytes(range(250)) * 40) == 10_000
                server.shutdown()
                peer.sendall(flushed(server))
            got, _ = p.communicate(timeout=30)
    assert got == bytes(range(250)) * 40
    assert server.tap.server_bytes == (10_000 if kind is CountingConnection else 0)


def tap() -> Tap:
    """One that only counts: what a listener is told is another test's matter."""
    return Tap(mock.Mock(name="a listener"), 1, lambda *_, **__: None)


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
    """Connections share a buffer; what was read from it stays as it was."""
    first, second = Pair(DirectConnection), Pair(DirectConnection)
    first.theirs.write(b"of the first")
    second.theirs.write(b"OF THE SECOND")
    first.to_us()
    second.to_us()
    kept = first.ours.recv(65535)
    assert second.ours.recv(65535) == b"OF THE SECOND"
    first.ours.sendall(b"more")
    second.ours.sendall(b"AND MORE")
    leaving = first.ours.bio_read(65535)
    assert second.ours.bio_read(65535) != leaving
    first.to_them.write(leaving)
    assert (kept, first.theirs.read()) == (b"of the first", b"more")


def test_threads_do_not_read_into_one_another() -> None:
    """OpenSSL is called without the interpreter's lock: with a buffer for both, one in some ten thousand reads was wrong."""

    def wrong(data: bytes) -> int:
        pair, found = Pair(DirectConnection), 0
        end = time.monotonic() + 1.0
        while time.monotonic() < end:
            pair.theirs.write(data)
            pair.to_us()
            found += b"".join(pair.received()) != data
        return found

    with ThreadPoolExecutor() as pool:
        assert sum(pool.map(wrong, [b"a" * 16_000, b"b" * 16_000])) == 0


def damaged(pair: Pair) -> None:
    pair.theirs.write(b"damaged on its way")
    record = bytearray(pair.from_them.read())
    record[-1] ^= 0xFF
    pair.ours.bio_write(bytes(record))


def closed(pair: Pair) -> None:
    with pytest.raises(ssl.SSLWantReadError):
        pair.theirs.unwrap()
    pair.to_us()


def cut_off(pair: Pair) -> None:
    pair.ours.bio_shutdown()


def in_cleartext(pair: Pair) -> None:
    pair.ours.bio_write(b"GET / HTTP/1.1\r\n\r\n")


def refused(pair: Pair) -> None:
    """Our record is damaged, and the other end says so."""
    refuse(pair.ours, pair.theirs, pair.to_them)
    pair.to_us()


def nothing(pair: Pair) -> None: ...


def own_end(pair: Pair) -> None:
    pair.ours.shutdown()


TROUBLES = [nothing, damaged, closed, cut_off, in_cleartext, refused, own_end]


@VERSIONS
@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("as_client", [False, True])
def test_troubles_end_as_they_do_in_pyopenssl(
    trouble: Callable[[Pair], None], version: ssl.TLSVersion, as_client: bool
) -> None:
    ends = []
    for kind in (SSL.Connection, DirectConnection):
        pair = Pair(kind, version, as_client=as_client)
        trouble(pair)
        said = [outcome(pair.ours, "recv", 65535) for _ in range(2)]
        said.append(outcome(pair.ours, "sendall", b"answer"))
        ends.append((said, len(pair.sent()), outcome(pair.ours, "bio_read", 65535)))
    assert ends[0] == ends[1]


@VERSIONS
@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_connection_with_a_tap_ends_without_an_error(
    trouble: Callable[[Pair], None], version: ssl.TLSVersion
) -> None:
    usual, tapped = Pair(SSL.Connection, version), Pair(CountingConnection, version)
    tapped.ours.tap = Tap(
        mock.Mock(name="a listener; what it is told is another test's matter"), 1, lambda *_, **__: None
    )
    for pair in (usual, tapped):
        trouble(pair)
    for _ in range(2):
        expected = outcome(usual.ours, "recv", 65535)
        is_no_error = expected in ((SSL.WantReadError, ()), (SSL.ZeroReturnError, ()))
        said = outcome(tapped.ours, "recv", 65535)
        assert said == (expected if is_no_error else (SSL.ZeroReturnError, ()))


@pytest.mark.parametrize("method", ["sendall", "bio_write"])
@pytest.mark.parametrize("data", [b"", "text", 7, None, bytearray(b"x"), memoryview(b"x")])
def test_what_is_no_bytes_is_taken_or_refused_as_by_pyopenssl(data: object, method: str) -> None:
    def sent(kind: type[SSL.Connection]) -> tuple[object, int]:
        pair = Pair(kind)
        with contextlib.suppress(DeprecationWarning):
            return outcome(pair.ours, method, data), len(pair.sent())
        return None, 0

    assert sent(DirectConnection) == sent(SSL.Connection)


def test_a_look_ahead_takes_nothing_away() -> None:
    pair = Pair(DirectConnection)
    pair.theirs.write(b"GET /")
    pair.to_us()
    assert pair.ours.recv(65535, MSG_PEEK) == pair.ours.recv(65535) == b"GET /"
