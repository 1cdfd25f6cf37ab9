"""A body as it passes, decoded within bounds: compressed ones may be bombs, and most types hold nothing to look at."""

import io
import zlib
from collections.abc import Callable
from typing import Any

import brotli  # type: ignore[import-untyped]  # it has none
import zstandard

LONGEST_BYTES = 524288
"""Of a body, as it came and decoded; longer ones are left alone. Configurations have some kilobytes."""
WINDOW_BYTES = 8 * 1024 * 1024
"""Memory that a decoder may ask for (RFC 8878, section 3.1.1.1.2, recommends that much)."""
BROTLI_STEP = 16
"""Bytes handed over at a time: the library may not know a bound, and makes 24 MB of so many at worst."""

TYPES = frozenset(
    {
        "",
        "text/plain",
        "text/json",
        "text/xml",
        "text/yaml",
        "application/json",
        "application/xml",
        "application/yaml",
        "application/x-yaml",
        "application/x-plist",
        "application/octet-stream",
        "binary/octet-stream",
        "application/protobuf",
        "application/x-protobuf",
        "application/grpc",
        "application/grpc+proto",
        "application/cbor",
        "application/x-msgpack",
    }
)
"""Media types of data for apps. Pages, styles and scripts are not among them: what is shown to people pins nothing."""
_NO_DATA = frozenset({"image/svg+xml", "application/xhtml+xml", "application/rss+xml", "application/atom+xml"})


def is_data(content_type: str) -> bool:
    """Whether this media type is one of data for apps; none at all may be."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind in TYPES or (kind.endswith(("+json", "+xml")) and kind not in _NO_DATA)


def decoded(body: bytes, encoding: str) -> bytes | None:
    """The body without its content encoding (RFC 9110, section 8.4); None where that is too long, broken or unknown."""
    if len(body) > LONGEST_BYTES:
        return None
    decode = _DECODERS.get(encoding.strip().lower())
    try:
        text = decode(body) if decode is not None else None
    except (zlib.error, zstandard.ZstdError, brotli.error):
        return None
    return text if text is not None and len(text) <= LONGEST_BYTES else None


def _gzip(body: bytes) -> bytes:
    return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(body, LONGEST_BYTES + 1)


def _deflate(body: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(body, LONGEST_BYTES + 1)
    except zlib.error:
        # Some servers leave the zlib header out.
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(body, LONGEST_BYTES + 1)


def _brotli(body: bytes) -> bytes:
    decompressor: Any = brotli.Decompressor()
    text = bytearray()
    for start in range(0, len(body), BROTLI_STEP):
        text += decompressor.process(body[start : start + BROTLI_STEP])
        if len(text) > LONGEST_BYTES:
            break
    return bytes(text)


def _zstd(body: bytes) -> bytes:
    decompressor = zstandard.ZstdDecompressor(max_window_size=WINDOW_BYTES)
    with decompressor.stream_reader(io.BytesIO(body), read_across_frames=True) as reader:
        return reader.read(LONGEST_BYTES + 1)


_DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "identity": bytes,
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
