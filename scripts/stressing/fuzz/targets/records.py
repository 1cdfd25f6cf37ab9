"""A relayed connection's bytes, both ways, cut anywhere: what is read of them may not depend on the cuts."""

from __future__ import annotations

import zlib
from random import Random

from pinprobe.mitm.records import LARGEST_RECORD, RelayedRecords
from stressing.fuzz.mutation import mutated
from stressing.fuzz.target import Broken, Check, Target

Segment = tuple[bool, bytes]


def _segments(data: bytes) -> list[Segment]:
    """Each with a head of three bytes: whose, and its length."""
    found = []
    while len(data) >= 3:
        end = 3 + int.from_bytes(data[1:3], "big")
        found.append((data[0] % 2 == 0, data[3:end]))
        data = data[end:]
    return found


def _written(segments: list[Segment]) -> bytes:
    return b"".join(
        (b"\0" if from_client else b"\1") + len(data).to_bytes(2, "big") + data for from_client, data in segments
    )


def _cut(segments: list[Segment], chance: Random) -> list[Segment]:
    pieces = []
    whole = sum(len(data) for _, data in segments)
    longest = chance.choice((1, 2, 5, 7, 64, 1500)) if whole < 2000 else chance.choice((300, 5000))
    for from_client, data in segments:
        while data:
            size = chance.randint(1, longest)
            pieces.append((from_client, data[:size]))
            data = data[size:]
    return pieces


def _read(segments: list[Segment]) -> tuple[object, ...]:
    records, told = RelayedRecords(), 0
    for from_client, data in segments:
        told += records.feed(data, from_client=from_client)
        if len(records._hello) > LARGEST_RECORD:
            raise Broken(f"{len(records._hello)} bytes are held")
    shown = (records.client.shown, records.server.shown)
    return records.verdict(), records.worked, told, records.tls_version, records.client_payload, *shown


def _prepare() -> Check:
    def check(data: bytes) -> None:
        segments = _segments(data)
        whole = _read(segments)
        cut = _read(_cut(segments, Random(zlib.crc32(data))))
        if whole != cut:
            raise Broken(f"{whole} and, cut otherwise, {cut}")
        if whole[2] != int(whole[1] is True):
            raise Broken(f"told {whole[2]} times that it works")

    return check


def record(kind: int, length: int, content: bytes = b"") -> bytes:
    """One TLS record of this length."""
    return bytes((kind, 3, 3)) + length.to_bytes(2, "big") + content.ljust(length, b"\x55")[:length]


def server_hello(version: int, cipher: int) -> bytes:
    """RFC 8446, section 4.1.3."""
    chosen = b"\0\x2b\0\x02\x03\x04" if version == 0x304 else b""
    body = b"\x03\x03" + bytes(32) + b"\0" + cipher.to_bytes(2, "big") + b"\0" + len(chosen).to_bytes(2, "big") + chosen
    message = b"\x02" + len(body).to_bytes(3, "big") + body
    return record(22, len(message), message)


def _seeds() -> tuple[bytes, ...]:
    hello = record(22, 200)
    flight13 = server_hello(0x304, 0x1301) + record(20, 1) + record(23, 40) + record(23, 200) + record(23, 69)
    flight12 = server_hello(0x303, 0xC02F) + record(22, 250) + record(22, 300) + record(22, 4)
    finished12 = record(22, 70) + record(20, 1) + record(22, 40)
    end13, data13 = record(20, 1) + record(23, 53), record(23, 300)
    scenes: list[list[Segment]] = [
        [(True, hello), (False, flight13), (True, end13 + data13), (False, record(23, 900)), (True, record(23, 19))],
        [(True, hello), (False, flight13), (True, record(20, 1) + record(23, 19))],
        [(True, hello), (False, flight13), (True, record(21, 2))],
        [(True, hello), (False, flight13), (True, end13)],
        [(True, hello), (False, flight12), (True, finished12), (False, record(20, 1) + record(22, 40)),
         (True, record(23, 200)), (False, record(23, 200))],
        [(True, hello), (False, flight12), (True, record(21, 2))],
        [(True, hello), (False, server_hello(0x303, 0x2F) + record(22, 20_000)), (True, record(23, 90))],
        [(True, hello), (False, record(22, 17_000, b"\x02\0\x60\0" + bytes(40))), (False, flight13), (True, data13)],
    ]  # fmt: skip
    return tuple(_written(scene) for scene in scenes)


def _mutated(data: bytes, chance: Random) -> bytes:
    segments = _segments(data) if chance.randrange(4) else []
    if not segments:
        return mutated(data, chance)
    at = chance.randrange(len(segments))
    from_client, content = segments[at]
    match chance.randrange(6):
        case 0:
            del segments[at]
        case 1:
            segments.insert(at, segments[chance.randrange(len(segments))])
        case 2:
            segments[at] = (not from_client, content)
        case 3:
            segments.insert(
                at, (from_client, record(chance.choice((20, 21, 22, 23, 0)), chance.choice((0, 2, 19, 35, 300))))
            )
        case _:
            segments[at] = (from_client, mutated(content, chance))
    return _written([(whose, content[:65535]) for whose, content in segments])


TARGET = Target(
    name="records",
    about="relayed TLS records, cut anywhere: the same verdict however they are cut",
    prepare=_prepare,
    seeds=_seeds,
    mutate=_mutated,
)
