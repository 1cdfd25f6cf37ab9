"""QUIC is never intercepted: it is swallowed, so that clients fall back to TCP, or passed on and recorded.

mitmproxy itself would intercept it where it can. A refusal there has rules of its own, which nothing here judges.
"""

from collections.abc import Generator
from typing import Any

from mitmproxy.proxy import events, layer
from mitmproxy.proxy.layers import UDPLayer
from mitmproxy.proxy.layers.quic import quic_parse_client_hello_from_datagrams

from pinprobe.mitm.names import host_name


class Swallow(layer.Layer):
    """Answers nothing, and keeps the client's place: closed, every further datagram would be a connection of its own."""

    def _handle_event(self, event: events.Event) -> Generator[Any, Any, None]:
        yield from ()


def is_quic(data: bytes) -> bool:
    """Whether a client's first datagram is QUIC: header form and fixed bit, then a version that is not zero (RFC 9000,
    section 17.2)."""
    return len(data) >= 5 and data[0] & 0xC0 == 0xC0 and data[1:5] != b"\0\0\0\0"


def name_in(data: bytes) -> str | None:
    """The server's name in the ClientHello of a client's first datagram; None where it is not in there, or not whole."""
    try:
        hello = quic_parse_client_hello_from_datagrams([data])
    except Exception:  # hostile bytes meet a parser that is not ours
        return None
    return host_name(hello.sni) if hello is not None else None


def layer_for(context: Any, word: str) -> layer.Layer:
    """What QUIC is given: `pinprobe_quic` is block or record."""
    return Swallow(context) if word == "block" else UDPLayer(context, ignore=True)
