"""A picture of 8-bit samples made small: at most 256 colours, an index per pixel (PNG, third edition). Pure."""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOURS = 256
SAMPLES = {2: 3, 6: 4}
"""Samples per pixel by colour type; transparency is dropped."""

Colour = tuple[int, int, int]


def indexed(png: bytes) -> bytes:
    """The same picture with a palette: the colours that occur most, others as the nearest of those."""
    header = next(data for kind, data in _chunks(png) if kind == b"IHDR")
    width, height, depth, colour_type = struct.unpack(">IIBB", header[:10])
    if depth != 8 or colour_type not in SAMPLES or header[12]:
        raise ValueError("a picture of another kind")
    samples = SAMPLES[colour_type]
    packed = b"".join(data for kind, data in _chunks(png) if kind == b"IDAT")
    rows = [
        list(zip(row[0::samples], row[1::samples], row[2::samples], strict=True))
        for row in _rows(zlib.decompress(packed), width * samples, height, samples)
    ]
    counts = Counter(colour for row in rows for colour in row)
    palette = [colour for colour, _ in counts.most_common(COLOURS)]
    place = {colour: _nearest(palette, colour) for colour in counts}
    pixels = b"".join(b"\0" + bytes(place[colour] for colour in row) for row in rows)
    return SIGNATURE + b"".join(
        (
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", bytes(sample for colour in palette for sample in colour)),
            _chunk(b"IDAT", zlib.compress(pixels, 9)),
            _chunk(b"IEND", b""),
        )
    )


def _nearest(palette: list[Colour], colour: Colour) -> int:
    return min(range(len(palette)), key=lambda n: sum((a - b) ** 2 for a, b in zip(palette[n], colour, strict=True)))


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += length + 12


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _rows(raw: bytes, length: int, height: int, samples: int) -> Iterator[bytearray]:
    """Each row without its filter (section 9)."""
    above = bytearray(length)
    for start in range(0, height * (length + 1), length + 1):
        kind, row = raw[start], bytearray(raw[start + 1 : start + 1 + length])
        for n in range(length if kind else 0):
            left = row[n - samples] if n >= samples else 0
            corner = above[n - samples] if n >= samples else 0
            row[n] = (row[n] + _guess(kind, left, above[n], corner)) & 255
        above = row
        yield row


def _guess(kind: int, left: int, up: int, corner: int) -> int:
    if kind == 4:  # Paeth
        wanted = left + up - corner
        return min((left, up, corner), key=lambda one: abs(wanted - one))
    return (0, left, up, (left + up) // 2)[kind]
