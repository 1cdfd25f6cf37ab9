"""ClientHellos by the short way: what it can read, mitmproxy's parser reads alike; what it cannot, that one reads."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mitmproxy.proxy.layers.tls import parse_client_hello
from tests.mitm import hooks

from pinprobe.mitm.hello import ClientHello, client_hello, plain_hello
from pinprobe.mitm.reading import hello_parts


def by_mitmproxy(data: bytes) -> ClientHello | None:
    hello = parse_client_hello(data)
    return ClientHello(hello.sni, tuple(hello.alpn_protocols), hello_parts(hello)) if hello is not None else None


def in_record(body: bytes) -> bytes:
    message = b"\x01" + len(body).to_bytes(3, "big") + body
    return b"\x16\x03\x01" + len(message).to_bytes(2, "big") + message


def listed(body: bytes) -> bytes:
    return len(body).to_bytes(2, "big") + body


def extension(kind: int, body: bytes) -> bytes:
    return kind.to_bytes(2, "big") + listed(body)


def server_name(name: bytes, kind: int = 0) -> bytes:
    return extension(0, listed(bytes([kind]) + listed(name)))


def alpn(*names: bytes) -> bytes:
    return extension(16, listed(b"".join(bytes([len(name)]) + name for name in names)))


def hello(*extensions: bytes, suites: bytes = b"\x13\x01\x0a\x0a", session_id: bytes = bytes(32)) -> bytes:
    head = b"\x03\x03" + bytes(range(32)) + bytes([len(session_id)]) + session_id + listed(suites) + b"\x01\x00"
    return head + listed(b"".join(extensions))


VERSIONS = extension(43, b"\x04\x03\x04\x03\x03")
PLAIN = {
    "as Python sends it": hooks.client_hello()[9:],
    "with protocols": hooks.client_hello(alpn=("h2", "http/1.1"))[9:],
    "without a name": hooks.client_hello(None)[9:],
    "an address for a name": hello(server_name(b"192.0.2.1"), VERSIONS),
    "a name that is none": hello(server_name(b"not a name"), VERSIONS),
    "no extension but GREASE": hello(extension(0x0A0A, b"")),
    "an empty protocol": hello(alpn(b"", b"h2")),
    "no protocol": hello(alpn()),
    "no session": hello(session_id=b""),
}
ODD = {
    "no extensions at all": hello()[:-2],
    "an extension twice": hello(VERSIONS, VERSIONS),
    "two names": hello(extension(0, listed(2 * (b"\x00" + listed(b"a.example"))))),
    "a name of another kind": hello(server_name(b"a.example", kind=1)),
    "a list of names with a wrong length": hello(extension(0, b"\x00\x01\x00" + listed(b"a.example"))),
    "a long name": hello(server_name(b"a" * 300)),
    "a name beyond ASCII": hello(server_name("ä.example".encode())),
    "a protocol list with a wrong length": hello(extension(16, b"\x00\x09\x02h2")),
}
BROKEN = {
    "nothing": b"",
    "a version alone": b"\x03\x03",
    "half a suite": hello(suites=b"\x13\x01\x0a"),
    "bytes after the extensions": hello(VERSIONS) + b"\x00",
    "an extension that is too long": hello(b"\x00\x2b\x00\x09\x00"),
    "a name that is cut off": hello(extension(0, b"\x00\x09\x00\x00\x06abc")),
    "a protocol that is cut off": hello(extension(16, b"\x00\x03\x05h2")),
}


@pytest.mark.parametrize("body", PLAIN.values(), ids=PLAIN.keys())
def test_what_libraries_send_takes_the_short_way(body: bytes) -> None:
    assert plain_hello(body) == by_mitmproxy(in_record(body)) == client_hello(in_record(body))


@pytest.mark.parametrize("body", ODD.values(), ids=ODD.keys())
def test_what_is_odd_is_left_to_mitmproxy(body: bytes) -> None:
    assert plain_hello(body) is None
    assert client_hello(in_record(body)) == by_mitmproxy(in_record(body)) is not None


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_broken_is_none(body: bytes) -> None:
    assert plain_hello(body) is None
    with pytest.raises(ValueError, match="Invalid ClientHello"):
        client_hello(in_record(body))


def test_more_is_to_come_until_it_is_whole() -> None:
    data = hooks.client_hello()
    assert all(client_hello(data[:size]) is None for size in range(0, len(data), 7))
    halves = data[5:100], data[100:]
    split = b"".join(b"\x16\x03\x01" + listed(half) for half in halves)
    assert client_hello(split) == client_hello(data)


def test_what_is_no_hello_is_refused() -> None:
    with pytest.raises(ValueError, match="Expected TLS record"):
        client_hello(b"GET / HTTP/1.1\r\n")


@settings(max_examples=300)
@given(
    st.sampled_from([*PLAIN.values(), *ODD.values()]),
    st.lists(st.tuples(st.integers(0, 600), st.binary(max_size=3)), max_size=4),
)
def test_both_ways_say_the_same_of_what_both_can_read(body: bytes, changes: list[tuple[int, bytes]]) -> None:
    for at, what in changes:
        at %= len(body) + 1
        body = body[:at] + what + body[at + len(what) :]
    if (found := plain_hello(body)) is not None:
        assert found == by_mitmproxy(in_record(body))
