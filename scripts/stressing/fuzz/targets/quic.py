"""A client's first datagram: is it QUIC, and whom does it want?"""

from __future__ import annotations

from random import Random

from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.connection import QuicConnection

from pinprobe.mitm.names import host_name
from pinprobe.mitm.quic import is_quic, name_in
from stressing.fuzz.mutation import mutated
from stressing.fuzz.target import Broken, Check, Target

HEADER = 32
"""Bytes of a datagram's beginning that say how the rest is to be read."""


def _prepare() -> Check:
    def check(data: bytes) -> None:
        if is_quic(data):
            name = name_in(data)
            if name is not None and host_name(name) != name:
                raise Broken(f"no canonical name: {name!r}")

    return check


def _seeds() -> tuple[bytes, ...]:
    made = []
    for name in ("api.example.com", None, "x" * 60 + ".example"):
        configuration = QuicConfiguration(is_client=True, alpn_protocols=["h3"], server_name=name)
        connection = QuicConnection(configuration=configuration)
        connection.connect(("127.0.0.1", 443), now=0.0)
        made += [data for data, _ in connection.datagrams_to_send(now=0.0)]
    # A token that is longer than the reader's buffer, see `first_packet`.
    long = b"\xc0\0\0\0\1\x08" + bytes(8) + b"\0\x46\x40" + b"t" * 1600 + b"\x40\x28" + bytes(40)
    return (*made, long)


def _mutated(data: bytes, chance: Random) -> bytes:
    """Mostly in the header: any change behind it only breaks the seal."""
    if chance.randrange(4) == 0:
        return mutated(data, chance)
    return mutated(data[:HEADER], chance) + data[HEADER:]


TARGET = Target(
    name="quic",
    about="first datagrams: whether they are QUIC, and the name in them",
    prepare=_prepare,
    seeds=_seeds,
    mutate=_mutated,
)
