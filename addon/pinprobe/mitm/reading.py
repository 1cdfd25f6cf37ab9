"""Small readings of mitmproxy's and pyOpenSSL's objects: what the observer asks again and again."""

import re
from functools import lru_cache
from typing import Any

from mitmproxy import http, tls
from mitmproxy.net.http.url import parse_authority
from OpenSSL import SSL

from pinprobe.mitm import fingerprint
from pinprobe.mitm.bodies import is_data
from pinprobe.mitm.names import LONGEST_NAME, host_name
from pinprobe.mitm.openssl import LIBRARY
from pinprobe.mitm.watch import Shape, Watch

ERROR_KEPT = 500
"""Characters of mitmproxy's own error texts that are kept."""
CRL_OF_OURS = b"/mitmproxy-"
"""How the path of a revocation list begins that mitmproxy makes."""
POLICY_HEADERS = frozenset({b"public-key-pins", b"public-key-pins-report-only", b"expect-ct"})
"""RFC 7469 and RFC 9163; browsers have given both up."""
POLICY_SIZES = frozenset(map(len, POLICY_HEADERS))
LONGEST_TYPE = 128
"""Bytes of a media type that is remembered."""
_QUOTED = re.compile(r"[0-9a-fA-F]{12,}")


def was_ignored(watch: Watch) -> bool:
    """True where mitmproxy passed the connection through without us."""
    if watch.tap is not None or watch.failed:
        return False
    return watch.clienthello is None or watch.clienthello.ignore_connection


def hello_parts(hello: tls.ClientHello) -> fingerprint.Hello:
    """What fingerprints are made of."""
    return fingerprint.Hello.of(
        legacy_version=int.from_bytes(hello.raw_bytes(wrap_in_record=False)[:2], "big"),
        cipher_suites=hello.cipher_suites,
        extensions=hello.extensions,
        alpn_protocols=hello.alpn_protocols,
    )


def host_and_port(address: Any) -> tuple[str | None, int]:
    """A socket address, with the host in canonical form."""
    return (host_name(address[0]), address[1]) if address else (None, 0)


def host_of(request: http.Request) -> str | None:
    """The host that a request names: its authority or Host header, else where it goes."""
    authority = request.host_header
    if not authority:
        return host_name(request.host)
    return _host_in(authority) if len(authority) <= LONGEST_NAME else host_name(request.pretty_host)


@lru_cache(maxsize=1024)
def _host_in(authority: str) -> str | None:
    # As mitmproxy's `pretty_host` does, which takes its time, and is asked again and again for the same.
    return host_name(parse_authority(authority, check=False)[0])


def header_of(message: http.Message, name: bytes) -> str:
    """As `message.headers.get(name, "")`, in a fraction of its time; `name` in lower case."""
    return text_of(field_of(message, name))


def field_of(message: http.Message, name: bytes) -> bytes:
    """The same as it came."""
    found, size = [], len(name)
    for key, value in message.data.headers.fields:
        if len(key) == size and key.lower() == name:
            found.append(value)
    return b", ".join(found)


def text_of(field: bytes) -> str:
    """A header's value as mitmproxy decodes it."""
    return field.decode("utf-8", "surrogateescape")


def error_words(error: str | None) -> str:
    """mitmproxy's own error text, cut, and without the bytes that it quotes in hex where it cannot parse them."""
    return _QUOTED.sub("…", error or "")[:ERROR_KEPT]


def negotiated(data: tls.TlsData) -> str | None:
    """The version that was agreed on in our ServerHello, though the handshake then failed."""
    if data.ssl_conn is None:
        return None
    name: str = data.ssl_conn.get_protocol_version_name()
    return name if name.startswith("TLS") else None


def resumed(ssl_conn: SSL.Connection) -> bool:
    """True where the handshake showed no certificate (RFC 8446, section 2.2)."""
    handle: Any = ssl_conn
    return bool(LIBRARY.SSL_session_reused(handle._ssl))


def is_crl_of_ours(path: bytes) -> bool:
    """mitmproxy answers these itself, for certificates of its own making."""
    return path.startswith(CRL_OF_OURS) and path.endswith(b".crl")


def shape_of(raw: http.RequestData) -> Shape:
    """What tells the host of an HTTP/2 request."""
    return raw.http_version, raw.authority, raw.scheme, raw.port


def holds_data(response: http.Response) -> bool:
    """Whether a body is of a media type for apps, which may bring pins."""
    kind = field_of(response, b"content-type")
    return _is_data(kind) if len(kind) <= LONGEST_TYPE else is_data(text_of(kind))


@lru_cache(maxsize=256)
def _is_data(kind: bytes) -> bool:
    return is_data(text_of(kind))
