"""A ClientHello by the short way: read here as TLS libraries write it, and by mitmproxy's own parser where it is odd.

mitmproxy's parser makes an object of every field, which took more time than anything else that is done for a connection
(measured). Both ways say the same of what both can read.
"""

import struct
from dataclasses import dataclass
from functools import lru_cache

from mitmproxy.net.check import is_valid_host
from mitmproxy.proxy.layers.tls import get_client_hello, parse_client_hello

from pinprobe.mitm import fingerprint
from pinprobe.mitm.reading import hello_parts

_U16, _TWO = struct.Struct("!H"), struct.Struct("!HH")
SESSION_ID = 34
"""Where its length stands: after the version and the random (RFC 8446, section 4.1.2)."""
HEADER = 4
"""Of a handshake message: its type and three bytes of length (section 4)."""
ONE_NAME = 5
"""Before the only name in server_name: the list's length, a type, the name's length (RFC 6066, section 3)."""
LONGEST_NAME = 255
"""Of a host's name, as mitmproxy takes it."""


@dataclass(frozen=True, slots=True)
class ClientHello:
    """What is asked about one."""

    sni: str | None
    alpn_protocols: tuple[bytes, ...]
    parts: fingerprint.Hello


def client_hello(data: bytes) -> ClientHello | None:
    """The ClientHello that these records begin with; None while it is incomplete. Raises ValueError where it is none."""
    message = get_client_hello(data)
    if message is None:
        return None
    return plain_hello(message[HEADER:]) or _by_mitmproxy(data)


def _by_mitmproxy(data: bytes) -> ClientHello | None:
    hello = parse_client_hello(data)
    if hello is None:
        return None
    return ClientHello(hello.sni, tuple(hello.alpn_protocols), hello_parts(hello))


def plain_hello(body: bytes) -> ClientHello | None:
    """From the message without its header; None where any length does not fit, or an extension comes twice."""
    try:
        suites, at = _suites(body, SESSION_ID + 1 + body[SESSION_ID])
        extensions = _extensions(body, at + 1 + body[at])
        bodies = dict(extensions)
        if len(bodies) != len(extensions):
            return None
        protocols = _protocols(bodies[fingerprint.ALPN]) if fingerprint.ALPN in bodies else ()
        sni = _server_name(bodies[fingerprint.SERVER_NAME]) if fingerprint.SERVER_NAME in bodies else None
    except (IndexError, struct.error, _OddError):
        return None
    parts = fingerprint.Hello.of(
        legacy_version=_U16.unpack_from(body)[0],
        cipher_suites=suites,
        extensions=extensions,
        alpn_protocols=protocols,
    )
    return ClientHello(sni, protocols, parts)


class _OddError(Exception):
    pass


def _suites(body: bytes, at: int) -> tuple[tuple[int, ...], int]:
    (size,) = _U16.unpack_from(body, at)
    if size % 2:
        raise _OddError
    return struct.unpack_from(f"!{size // 2}H", body, at + 2), at + 2 + size


def _extensions(body: bytes, at: int) -> list[tuple[int, bytes]]:
    end = at + 2 + _U16.unpack_from(body, at)[0]
    if end != len(body):
        raise _OddError
    at += 2
    found = []
    while at < end:
        kind, size = _TWO.unpack_from(body, at)
        at += 4 + size
        if at > end:
            raise _OddError
        found.append((kind, body[at - size : at]))
    return found


def _protocols(body: bytes) -> tuple[bytes, ...]:
    """RFC 7301, section 3.1."""
    if _U16.unpack_from(body)[0] != len(body) - 2:
        raise _OddError
    found = []
    at = 2
    while at < len(body):
        end = at + 1 + body[at]
        if end > len(body):
            raise _OddError
        found.append(body[at + 1 : end])
        at = end
    return tuple(found)


def _server_name(body: bytes) -> str | None:
    name = body[ONE_NAME:]
    alone = _U16.unpack_from(body)[0] == len(body) - 2 and body[2] == 0 and _U16.unpack_from(body, 3)[0] == len(name)
    if not alone or len(name) > LONGEST_NAME or not name.isascii():
        raise _OddError
    return _valid(name)


@lru_cache(maxsize=1024)
def _valid(name: bytes) -> str | None:
    return name.decode("ascii") if is_valid_host(name) else None
