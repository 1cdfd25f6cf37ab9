"""First datagrams: the name in a real one, and nothing read from one whose lengths lie."""

from __future__ import annotations

import pytest
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.connection import QuicConnection

from pinprobe.mitm.quic import BUFFER, first_packet, is_quic, name_in


def datagram(name: str = "api.example.com", token: bytes = b"") -> bytes:
    configuration = QuicConfiguration(is_client=True, alpn_protocols=["h3"], server_name=name, token=token)
    connection = QuicConnection(configuration=configuration)
    connection.connect(("127.0.0.1", 443), now=0.0)
    sent: bytes = connection.datagrams_to_send(now=0.0)[0][0]
    return sent


@pytest.mark.parametrize("token", [b"", b"t" * 63, b"t" * 200])
def test_the_name_in_a_real_one(token: bytes) -> None:
    data = datagram(token=token)
    assert is_quic(data) and name_in(data) == "api.example.com"
    assert first_packet(data) == data
    assert first_packet(data + b"another") == data + bytes(7)
    assert name_in(data + b"\xc0another") == "api.example.com", "what is behind the first packet is left alone"


def initial(token: bytes, rest: int, body: bytes) -> bytes:
    head = b"\xc0\0\0\0\1" + b"\x08" + bytes(8) + b"\0"
    return head + (0x4000 | len(token)).to_bytes(2, "big") + token + (0x4000 | rest).to_bytes(2, "big") + body


def test_lengths_that_do_not_fit_are_not_believed() -> None:
    assert first_packet(initial(b"", 40, bytes(40))) is not None
    for odd in (
        initial(b"t" * BUFFER, 40, bytes(40)),
        initial(b"", 41, bytes(40)),
        initial(b"", 19, bytes(40)),
        initial(b"", 40, bytes(40))[:20],
        b"\xc0\0\0\0\1",
        b"\xc0\0\0\0\1\xff" + bytes(20),
        b"",
    ):
        assert first_packet(odd) is None and name_in(odd) is None


def test_a_token_longer_than_its_readers_buffer_breaks_nothing() -> None:
    for size in range(BUFFER - 100, 16_000, 97):
        assert name_in(initial(b"t" * size, 60, bytes(60))) is None
