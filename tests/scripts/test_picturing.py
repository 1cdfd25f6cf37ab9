"""The pictures of the sample: made small without another look, and all that the documentation shows are there."""

from __future__ import annotations

import struct
import zlib

import pytest

from picturing.png import SIGNATURE, _chunk, _chunks, indexed
from picturing.shots import PICTURES, SHOTS

WIDTH, HEIGHT, SAMPLES = 5, 5, 3
PIXELS = [[(x * 9, y * 7, x * y) for x in range(WIDTH)] for y in range(HEIGHT)]


def filtered(kind: int) -> bytes:
    """The rows of PIXELS under one filter, by the words of the specification."""
    flat = [bytes(sample for pixel in row for sample in pixel) for row in PIXELS]
    out = b""
    for y, row in enumerate(flat):
        up = flat[y - 1] if y else bytes(len(row))
        line = [kind]
        for n, value in enumerate(row):
            a = row[n - SAMPLES] if n >= SAMPLES else 0
            b, c = up[n], up[n - SAMPLES] if n >= SAMPLES else 0
            p = a + b - c
            paeth = a if abs(p - a) <= min(abs(p - b), abs(p - c)) else b if abs(p - b) <= abs(p - c) else c
            line.append((value - (0, a, b, (a + b) // 2, paeth)[kind]) % 256)
        out += bytes(line)
    return out


@pytest.mark.parametrize("kind", range(5))
def test_few_colours_stay_as_they_are(kind: int) -> None:
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    png = SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(filtered(kind))) + _chunk(b"IEND", b"")
    chunks = dict(_chunks(indexed(png)))
    palette = [tuple(chunks[b"PLTE"][n : n + 3]) for n in range(0, len(chunks[b"PLTE"]), 3)]
    rows = zlib.decompress(chunks[b"IDAT"])
    shown = [[palette[rows[y * (WIDTH + 1) + 1 + x]] for x in range(WIDTH)] for y in range(HEIGHT)]
    assert shown == PIXELS


def test_the_pictures_are_there_and_small() -> None:
    for shot in SHOTS:
        picture = (PICTURES / shot.name).read_bytes()
        assert struct.unpack(">II", picture[16:24]) == (shot.width, shot.height)
        assert len(picture) < 100_000
    assert {path.name for path in PICTURES.iterdir()} == {shot.name for shot in SHOTS}


def test_the_documentation_shows_them_all() -> None:
    text = (PICTURES.parent / "report.md").read_text(encoding="utf-8")
    assert all(f"pictures/{shot.name}" in text for shot in SHOTS)
