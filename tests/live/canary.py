"""Secrets for a client and a server to hide, and the search for them in every form in which they may have been kept.

All share one mark, so one search finds any of them; what follows the mark says where it was put.
"""

from __future__ import annotations

import base64
import html
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import quote

MARK = "hushZq7xKw3vB"
SHOWN = 60
"""Bytes around a find that are told."""
DEPTH = 2
"""A compressed file inside a compressed one is opened as well, one deeper is not."""


def token(place: str) -> str:
    """For places that take letters and digits alone, such as a method."""
    return MARK + place


def secret(place: str) -> str:
    """With signs that each encoding writes in its own way."""
    return f"a/{token(place)}+{place}=of%a?person&<\"'>"


def number(plain: str = MARK) -> int:
    """As a serial number of a certificate, say; it holds nothing but the mark."""
    return int.from_bytes(plain.encode())


def _based(plain: bytes, encode: Callable[[bytes], bytes]) -> Iterator[bytes]:
    for before in range(3):
        # What stands before and after it changes a few characters at both ends.
        yield encode(b"x" * before + plain)[4:-4]


def forms(plain: str = MARK) -> Iterator[bytes]:
    """How the mark may be written, but for what is folded below: base64, hex, UTF-16, a number, each character as an escape."""
    data = plain.encode()
    yield data
    yield from _based(data, base64.b64encode)
    yield from _based(data, base64.urlsafe_b64encode)
    yield data.hex().encode()
    yield data.hex(" ").encode()
    yield data.hex(":").encode()
    yield str(number(plain)).encode()
    yield plain.encode("utf-16-le")
    yield plain.encode("utf-16-be")
    for escape in ("%{:02x}", "%25{:02x}", "\\x{:02x}", "\\u{:04x}", "&#x{:x};", "&#{:d};", "{:d}, ", "{:d},"):
        yield "".join(escape.format(byte) for byte in data).rstrip(", ").encode()


FORMS = tuple(dict.fromkeys(forms()))
FOLDED = tuple(
    dict.fromkeys(form.lower() for form in FORMS if form not in set(_based(MARK.encode(), base64.b64encode)))
)
"""Hosts are written in lower case, and hex digits in either; base64 is another text in another case."""
_PACKED = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")


def unpacked(data: bytes, depth: int = DEPTH) -> Iterator[bytes]:
    """It and all that was compressed into it with gzip or zlib, wherever that begins."""
    yield data
    if depth:
        for found in _PACKED.finditer(data):
            try:
                inner = zlib.decompressobj(wbits=47).decompress(data[found.start() :], 1 << 24)
            except zlib.error:
                continue
            yield from unpacked(inner, depth - 1)


def finds(texts: Mapping[str, bytes]) -> list[str]:
    """Where any secret stands, with what is around it."""
    return [f"{name}: {found!r}" for name, data in texts.items() for text in unpacked(data) for found in _in(text)]


def _in(text: bytes) -> Iterator[bytes]:
    folded = text.lower()
    for where, wanted in ((text, FORMS), (folded, FOLDED)):
        for form in wanted:
            if (start := where.find(form)) >= 0:
                yield text[max(0, start - SHOWN) : start + len(form) + SHOWN]


WRITTEN: Mapping[str, Callable[[str], bytes]] = {
    "plain": str.encode,
    "in lower case": lambda text: text.lower().encode(),
    "URL": lambda text: quote(text, safe="").encode(),
    "URL twice": lambda text: quote(quote(text, safe=""), safe="").encode(),
    "URL, all of it": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()).encode(),
    "URL twice, all of it": lambda text: "".join(f"%25{byte:02x}" for byte in text.encode()).encode(),
    "form": lambda text: quote(text, safe="").replace("%20", "+").encode(),
    "HTML": lambda text: html.escape(text).encode(),
    "HTML, all of it": lambda text: "".join(f"&#{ord(one)};" for one in text).encode(),
    "JSON, all of it": lambda text: "".join(f"\\u{ord(one):04X}" for one in text).encode(),
    "repr": lambda text: repr(text.encode()).encode(),
    "list of bytes": lambda text: repr(list(text.encode())).encode(),
    "base64": lambda text: base64.b64encode(text.encode()),
    "base64, one on": lambda text: base64.b64encode(b"1" + text.encode()),
    "base64, two on": lambda text: base64.b64encode(b"12" + text.encode()),
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(b"\xff\xfe" + text.encode()),
    "base64 of user and password": lambda text: base64.b64encode(f"user:{text}".encode()),
    "hex": lambda text: text.encode().hex().encode(),
    "HEX": lambda text: text.encode().hex().upper().encode(),
    "hex with colons": lambda text: text.encode().hex(":").upper().encode(),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16, the other way": lambda text: text.encode("utf-16-be"),
    "gzip": lambda text: zlib.compress(text.encode() * 3, wbits=31),
    "zlib": lambda text: zlib.compress(text.encode() * 3),
    "gzip in gzip": lambda text: zlib.compress(zlib.compress(text.encode(), wbits=31), wbits=31),
}
"""What somebody may do to a text that is kept; the search has to find each."""
