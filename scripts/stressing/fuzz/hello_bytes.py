"""ClientHellos taken apart and put together again with right lengths, so that what is odd in them reaches the readers."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Self

from stressing.fuzz.mutation import mutated

SNI, ALPN = 0, 16
HEAD = 34
"""legacy_version and random (RFC 8446, section 4.1.2)."""


def vector(size: int, *contents: bytes) -> bytes:
    """Contents with their length in `size` bytes before them, cut to what that can tell."""
    content = b"".join(contents)[: (1 << 8 * size) - 1]
    return len(content).to_bytes(size, "big") + content


@dataclass(slots=True, kw_only=True)
class Hello:
    """The body of a ClientHello."""

    head: bytes
    session: bytes = b""
    ciphers: bytes = b"\x13\x01"
    compressions: bytes = b"\0"
    extensions: list[tuple[int, bytes]] = field(default_factory=list)

    @classmethod
    def of(cls, records: bytes) -> Self | None:
        """From the records of a whole one; None for what is none."""
        body = b""
        while len(records) >= 5:
            end = 5 + int.from_bytes(records[3:5], "big")
            body, records = body + records[5:end], records[end:]
        at = 4 + HEAD
        made = cls(head=body[4:at])
        made.session, at = _vector_at(body, at, 1)
        made.ciphers, at = _vector_at(body, at, 2)
        made.compressions, at = _vector_at(body, at, 1)
        rest, _ = _vector_at(body, at, 2)
        while len(rest) >= 4:
            content, end = _vector_at(rest, 2, 2)
            made.extensions.append((int.from_bytes(rest[:2], "big"), content))
            rest = rest[end:]
        return made if len(made.head) == HEAD else None

    def records(self, longest: int = 1 << 14) -> bytes:
        """As it is sent, in records of at most this length."""
        listed = b"".join(kind.to_bytes(2, "big") + vector(2, content) for kind, content in self.extensions)
        body = self.head + vector(1, self.session) + vector(2, self.ciphers) + vector(1, self.compressions)
        message = b"\x01" + vector(3, body, vector(2, listed))
        pieces = [message[at : at + longest] for at in range(0, len(message), longest)]
        return b"".join(b"\x16\x03\x01" + vector(2, piece) for piece in pieces)


def _vector_at(data: bytes, at: int, size: int) -> tuple[bytes, int]:
    start = at + size
    end = start + int.from_bytes(data[at:start], "big")
    return data[start:end], end


NAMES = (
    b"", b"a", b".", b"..", b"example.com.", b"EXAMPLE.com", b"a\0b.example", b"\0", b"x" * 300, b"x." * 400,
    b"\xff\xfe", "bücher.example".encode(), "例え。テスト".encode(), b"xn--", b"xn--a.example", b"127.0.0.1", b"[::1]",
    b"::1%eth0", b"../../etc", b"<script>", b"\x1b[2J", "\u202eelpmaxe".encode(), b"a b", b"*", b"a" * 65000, b"-",
    b"0x7f.1", b"%s", b"\r\nHost: x",
)  # fmt: skip
PROTOCOLS = (b"h2", b"http/1.1", b"", b"\0", b"\n", b"\xff", b"\x0a\x0a", b"x" * 255, b"\x1b[2J", b'"', b"h2 ", b"-")


def _sni(chance: Random) -> bytes:
    kinds = (b"\0", b"\0", b"\0", b"\1", b"\xff")
    entries = [chance.choice(kinds) + vector(2, chance.choice(NAMES)) for _ in range(chance.choice((0, 1, 1, 1, 2, 9)))]
    return vector(2, *entries)


def _alpn(chance: Random) -> bytes:
    return vector(2, *(vector(1, chance.choice(PROTOCOLS)) for _ in range(chance.choice((0, 1, 2, 3, 40)))))


def _put(hello: Hello, kind: int, content: bytes, chance: Random) -> None:
    """In the place of the one of its kind, or beside it."""
    if chance.randrange(4):
        hello.extensions = [one for one in hello.extensions if one[0] != kind]
    hello.extensions.insert(chance.randint(0, len(hello.extensions)), (kind, content))


def _one_extension(hello: Hello, chance: Random) -> None:
    if not hello.extensions:
        return
    at = chance.randrange(len(hello.extensions))
    kind, content = hello.extensions[at]
    match chance.randrange(5):
        case 0:
            del hello.extensions[at]
        case 1:
            hello.extensions.insert(at, (kind, content))
        case 2:
            hello.extensions[at] = (kind, mutated(content, chance))
        case 3:
            hello.extensions[at] = (chance.choice((0x0A0A, 0xFAFA, 43, 13, 10, chance.randrange(1 << 16))), content)
        case _:
            chance.shuffle(hello.extensions)


def _other_lists(hello: Hello, chance: Random) -> None:
    match chance.randrange(4):
        case 0:
            hello.ciphers = mutated(hello.ciphers, chance)
        case 1:
            hello.session = chance.randbytes(chance.choice((0, 1, 32, 33, 255)))
        case 2:
            hello.head = chance.randbytes(2) + hello.head[2:]
        case _:
            hello.compressions = mutated(hello.compressions, chance)


_CHANGES: tuple[Callable[[Hello, Random], None], ...] = (
    lambda hello, chance: _put(hello, SNI, _sni(chance), chance),
    lambda hello, chance: _put(hello, ALPN, _alpn(chance), chance),
    lambda hello, chance: _put(hello, chance.choice((43, 13)), chance.randbytes(chance.randrange(12)), chance),
    _one_extension,
    _one_extension,
    _other_lists,
)


def hello_mutated(data: bytes, chance: Random) -> bytes:
    """Another ClientHello, mostly with right lengths."""
    hello = Hello.of(data) if chance.randrange(8) else None
    if hello is None:
        return mutated(data, chance)
    for _ in range(chance.choice((1, 1, 2, 4))):
        chance.choice(_CHANGES)(hello, chance)
    whole = hello.records()
    # Short records are slow for mitmproxy's own parser, so only short hellos come in them.
    return hello.records(chance.choice((512, 64, 7))) if len(whole) < 1000 and chance.randrange(4) == 0 else whole


def real_hellos() -> tuple[bytes, ...]:
    """As Python's own TLS sends them: with and without a name and protocols, old and new."""
    made = []
    for name in ("api.example.com", None, "xn--bcher-kva.example"):
        for protocols in ((), ("h2", "http/1.1")):
            for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
                context.check_hostname = False
                context.maximum_version = version
                if protocols:
                    context.set_alpn_protocols(list(protocols))
                out = ssl.MemoryBIO()
                connection = context.wrap_bio(ssl.MemoryBIO(), out, server_hostname=name)
                try:
                    connection.do_handshake()
                except ssl.SSLWantReadError:
                    made.append(out.read())
    return tuple(made)
