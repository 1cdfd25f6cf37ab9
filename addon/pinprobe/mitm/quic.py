"""QUIC is never intercepted: it is swallowed, so that clients fall back to TCP, or passed on and recorded.

mitmproxy itself would intercept it where it can. A refusal there has rules of its own, which nothing here judges.
"""

from collections.abc import Generator
from typing import Any

from mitmproxy.proxy import events, layer
from mitmproxy.proxy.layers import UDPLayer
from mitmproxy.proxy.layers.quic import quic_parse_client_hello_from_datagrams

from pinprobe.mitm.names import host_name

BUFFER = 1500
"""Bytes of aioquic's own buffer."""
NUMBER, SAMPLE = 4, 16
"""A packet number's longest form, and what is read behind it to unmask it (RFC 9001, section 5.4.2)."""


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
    packet = first_packet(data)
    if packet is None:
        return None
    try:
        hello = quic_parse_client_hello_from_datagrams([packet])
    except Exception:  # hostile bytes meet a parser that is not ours
        return None
    return host_name(hello.sni) if hello is not None else None


def first_packet(data: bytes) -> bytes | None:
    """The datagram with nothing but its first packet, an Initial one (RFC 9000, section 17.2.2); None where its lengths do
    not fit.

    aioquic, which mitmproxy reads it with, copies all before the packet number into a buffer of 1500 bytes without looking
    at its length: a longer token writes over the process's memory (found by the fuzzer).
    """
    try:
        at = 5
        for _ in range(2):  # the connection ids
            at += 1 + data[at]
        token, at = _number(data, at)
        rest, at = _number(data, at + token)
    except IndexError:
        return None
    if at + NUMBER > BUFFER or not NUMBER + SAMPLE <= rest <= len(data) - at:
        return None
    return data[: at + rest].ljust(len(data), b"\0")  # as long as before: a short one would not be read


def _number(data: bytes, at: int) -> tuple[int, int]:
    """An integer of variable length (section 16), and where it ends."""
    size = 1 << (data[at] >> 6)
    if at + size > len(data):
        raise IndexError
    return int.from_bytes(data[at : at + size], "big") & (1 << 8 * size - 2) - 1, at + size


def layer_for(context: Any, word: str) -> layer.Layer:
    """What QUIC is given: `pinprobe_quic` is block or record."""
    return Swallow(context) if word == "block" else UDPLayer(context, ignore=True)
