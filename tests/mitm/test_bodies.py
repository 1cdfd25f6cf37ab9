"""Bodies as they pass: what is data for apps, and decoding that a bomb cannot use up."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]  # it has none
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from mitmproxy.net.encoding import encode

from pinprobe.mitm import bodies
from pinprobe.mitm.bodies import LONGEST_BYTES, decoded, is_data

TEXT = b'{"pins": ["one", "two"]}' * 40


@pytest.mark.parametrize("encoding", ["identity", "gzip", "deflate", "br", "zstd"])
def test_what_mitmproxy_encodes_is_decoded(encoding: str) -> None:
    encoded = encode(TEXT, encoding)
    assert isinstance(encoded, bytes)
    assert decoded(encoded, encoding) == TEXT
    assert decoded(encoded, f" {encoding.upper()} ") == TEXT


def test_deflate_without_its_header_and_nothing_at_all() -> None:
    raw = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    assert decoded(raw.compress(TEXT) + raw.flush(), "deflate") == TEXT
    assert decoded(TEXT, "") == TEXT


@pytest.mark.parametrize("encoding", ["gzip, br", "compress", "aes128gcm", "x"])
def test_an_encoding_that_is_not_known_is_left_alone(encoding: str) -> None:
    assert decoded(TEXT, encoding) is None


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
@given(body=st.binary(max_size=200))
def test_what_is_broken_is_nothing(encoding: str, body: bytes) -> None:
    got = decoded(body, encoding)
    assert got is None or len(got) <= LONGEST_BYTES


def _zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=19).compress(data)


BOMBS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": lambda data: brotli.compress(data, quality=9, lgwin=24),
    "zstd": _zstd,
}


@pytest.mark.parametrize("encoding", BOMBS)
def test_a_bomb_is_left_alone_and_takes_no_room(encoding: str) -> None:
    bomb = BOMBS[encoding](bytes(100_000_000))
    assert len(bomb) < LONGEST_BYTES
    tracemalloc.start()
    try:
        assert decoded(bomb, encoding) is None
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 80_000_000, "of gigabytes: brotli's one step, twice"


def test_long_bodies_are_left_alone() -> None:
    assert decoded(bytes(LONGEST_BYTES), "") is not None
    assert decoded(bytes(LONGEST_BYTES + 1), "") is None
    assert decoded(gzip.compress(bytes(LONGEST_BYTES + 1)), "gzip") is None
    assert bodies.WINDOW_BYTES >= LONGEST_BYTES


@pytest.mark.parametrize(
    "kind",
    [
        "",
        "application/json",
        "application/json; charset=utf-8",
        "Application/JSON",
        "application/vnd.api+json",
        "text/plain;charset=UTF-8",
        "application/xml",
        "application/octet-stream",
        "application/x-protobuf",
        "application/problem+xml",
    ],
)
def test_data_is_looked_at(kind: str) -> None:
    assert is_data(kind)


@pytest.mark.parametrize(
    "kind",
    [
        "text/html; charset=utf-8",
        "application/xhtml+xml",
        "text/css",
        "text/javascript",
        "application/javascript",
        "image/svg+xml",
        "image/png",
        "video/mp4",
        "font/woff2",
        "application/pdf",
        "multipart/mixed; boundary=json",
    ],
)
def test_what_people_look_at_is_not(kind: str) -> None:
    assert not is_data(kind)
