"""Bodies of answers as they pass, compressed or not: decoded within bounds, and looked through for pins."""

from __future__ import annotations

import gzip
import json
import zlib
from random import Random

import brotli  # type: ignore[import-untyped]  # it has none
import zstandard

from pinprobe.mitm.bodies import LONGEST_BYTES, decoded, is_data
from pinprobe.mitm.pin_material import pin_material
from stressing.fuzz.mutation import mutated
from stressing.fuzz.target import Broken, Check, Target

ENCODINGS = ("", "gzip", "deflate", "br", "zstd", "x-gzip", "identity", "GZIP ", "other")


def _prepare() -> Check:
    def check(data: bytes) -> None:
        encoding = ENCODINGS[data[0] % len(ENCODINGS)] if data else ""
        is_data(data[:80].decode("latin-1"))
        text = decoded(data[1:], encoding)
        if text is not None:
            if len(text) > LONGEST_BYTES:
                raise Broken(f"{len(text)} bytes")
            pin_material(text)

    return check


def _seeds() -> tuple[bytes, ...]:
    pin = "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4MDEyMzQ1Njc="
    text = json.dumps({"pins": {"api.example.com": [f"sha256/{pin}"]}}).encode()
    bomb = bytes(LONGEST_BYTES + 1)
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    made = [(0, text), (1, gzip.compress(text)), (2, zlib.compress(text)), (2, raw.compress(text) + raw.flush())]
    made += [
        (3, brotli.compress(text)),
        (4, zstandard.compress(text)),
        (1, gzip.compress(bomb)),
        (3, brotli.compress(bomb)),
    ]
    made += [(4, zstandard.compress(bomb)), (8, text)]
    return tuple(bytes((number,)) + body for number, body in made)


def _mutated(data: bytes, chance: Random) -> bytes:
    return data[:1] + mutated(data[1:], chance) if chance.randrange(8) else mutated(data, chance)


TARGET = Target(
    name="bodies",
    about="compressed bodies: decoded within bounds, and looked through for pins",
    prepare=_prepare,
    seeds=_seeds,
    mutate=_mutated,
)
