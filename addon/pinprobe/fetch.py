"""A server's certificate chain, fetched by an ordinary TLS connection. Only the standard library.

Nothing is verified here and nothing is sent: the chain is the server's word about itself, and is judged afterwards.
"""

import re
import socket
import ssl
from dataclasses import dataclass
from typing import Any

HTTPS = 443
_HOST = re.compile(r"[a-z0-9]([a-z0-9_.-]*[a-z0-9_-])?")
_PORTS = range(1, 65536)


class FetchError(Exception):
    """Why there is no chain; the message names the host."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a chain is fetched."""

    host: str
    """A-label or address, lower case."""
    port: int = HTTPS

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == HTTPS else f"{host}:{self.port}"


def place_of(text: str) -> Place:
    """HOST, HOST:PORT or [ADDRESS]:PORT. Raises ValueError, whose message says what is wrong."""
    address = re.fullmatch(r"\[([0-9A-Fa-f:.]+)\](?::([0-9]+))?", text)
    if address is not None:
        name, port = address[1], address[2]
    elif text.count(":") > 1 and "/" not in text:
        name, port = text, None
    else:
        name, _, port = text.partition(":")
        if "/" in text or (":" in text and not port.isdecimal()):
            raise ValueError(f"{text!r} is no host: write example.com or example.com:8443, without scheme or path")
    try:
        host = name.rstrip(".").encode("idna").decode("ascii").lower() if ":" not in name else name.lower()
    except UnicodeError:
        host = ""
    if not (":" in host or _HOST.fullmatch(host)):
        raise ValueError(f"{text!r} is no host name")
    if port and int(port[:6]) not in _PORTS:
        raise ValueError(f"{text!r}: a port is a number from 1 to 65535")
    return Place(host=host, port=int(port) if port else HTTPS)


def fetch_chain(place: Place, timeout_s: float) -> tuple[bytes, ...]:
    """The chain that a server sends, leaf first, in DER. Raises FetchError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        with socket.create_connection((place.host, place.port), timeout_s) as plain:
            with context.wrap_socket(plain, server_hostname=place.host) as secured:
                chain = _sent(secured)
    except TimeoutError as error:
        raise FetchError(f"{place}: no answer within {timeout_s:g} seconds") from error
    except socket.gaierror as error:
        raise FetchError(f"{place}: its name cannot be resolved ({error.strerror})") from error
    except ssl.SSLError as error:
        raise FetchError(f"{place}: the TLS handshake failed ({error.reason or error})") from error
    except (OSError, ValueError) as error:
        raise FetchError(f"{place}: {getattr(error, 'strerror', None) or error}") from error
    if not chain:
        raise FetchError(f"{place}: it sent no certificate")
    return chain


def pem_of(chain: tuple[bytes, ...]) -> str:
    """The same as a PEM file."""
    return "".join(map(ssl.DER_cert_to_PEM_cert, chain))


def _sent(secured: ssl.SSLSocket) -> tuple[bytes, ...]:
    """What came in the Certificate message; Python has a public name for it since 3.13, and the object since 3.10."""
    if hasattr(secured, "get_unverified_chain"):
        return tuple(secured.get_unverified_chain() or ())
    private: Any = secured
    return tuple(ssl.PEM_cert_to_DER_cert(one.public_bytes()) for one in private._sslobj.get_unverified_chain() or ())
