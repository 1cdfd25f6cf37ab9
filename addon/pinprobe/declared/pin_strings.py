"""Strings of the shape of a pin, in any file of a package. Pure.

With a prefix (`sha256/`, `sha1/`, `pin-sha256="`) the shape is enough. Base64 alone is far too common: it counts only in
text, beside a host name, and where something says that it is a pin. Presence is not use.
"""

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass

from pinprobe.declared.beside import beside
from pinprobe.declared.windows import Looks, Window

BYTES = {"sha256": 32, "sha1": 20}
_LONGEST = 160
"""Bytes from the prefix on: curl's `sha256//`, 64 hex digits, room for escaped slashes."""
_LAST = "[AEIMQUYcgkosw048]"
"""What base64 of 32 and of 20 bytes can end with: the last two bits are not used."""
_LEAST_DIFFERENT = 16
"""Characters of a digest's base64 that differ from one another. Chance gives fewer to one in a million."""

# A digest without its `=` must be told from something longer; with it, anything may follow: the strings of compiled
# JavaScript stand one behind the other.
_SHAPES = {
    algorithm: re.compile(
        rf"""{algorithm}(?://?|=\\?["'])
        (?:(?P<base64>[A-Za-z0-9+/]{{{count}}})(?:=|(?<={_LAST})(?![A-Za-z0-9+/=_-]))
        |(?P<hex>[0-9A-Fa-f]{{{2 * size}}})(?![0-9A-Za-z+/=]))""".encode(),
        re.VERBOSE,
    )
    for algorithm, size in BYTES.items()
    for count in [(size * 8 + 5) // 6]
}
_BARE = re.compile(rf"""["']([A-Za-z0-9+/]{{42}}{_LAST}=)""".encode())
_BARE_LENGTH = 45
_BARE_ENDINGS = (b'="', b"='", b'=\\"')
_WIDE = b"s\0h\0a\0"
_NEIGHBOUR = re.compile(rf"""^\\?["']\s*,\s*\\?["'][A-Za-z0-9+/]{{42}}{_LAST}=\\?["']""".encode())
_FORMER = re.compile(rf"""["'][A-Za-z0-9+/]{{42}}{_LAST}=\\?["']\s*,\s*\\?["']$""".encode())
_FORMER_LENGTH = 80
"""Bytes: another pin, with some space behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One string of the shape of a pin."""

    algorithm: str
    pin: str
    """Base64, with its padding."""
    host: str
    """What stands right beside it; empty where nothing does."""


def pins_in(window: Window, looks: Looks, *, text: bool) -> Iterator[Found]:
    """The pins that begin in this window. `text`: it may be text, so that base64 alone is looked at too.

    `looks`: of one file, how many that have the shape are looked at.
    """
    for algorithm in BYTES:
        for at in window.places(algorithm.encode()):
            if (found := _prefixed(window, at, algorithm, looks)) is not None:
                yield found
    if text:
        for at in window.places(_WIDE):
            if (found := _wide(window.after(at, 2 * _LONGEST))) is not None and looks.one_more():
                yield found
        yield from _bare(window, looks)


def _prefixed(window: Window, at: int, algorithm: str, looks: Looks) -> Found | None:
    raw = window.after(at, _LONGEST)
    # JSON may write a slash as `\/`, also within the base64.
    escaped = b"\\/" in raw
    shape = _SHAPES[algorithm].match(raw.replace(b"\\/", b"/") if escaped else raw)
    if shape is None:
        return None
    pin = _pin_of(shape, algorithm)
    if pin is None or not looks.one_more():
        return None
    length = shape.end() + (raw.count(b"\\/", 0, shape.end() + shape[0].count(b"/")) if escaped else 0)
    host = beside(window.before(at), window.after(at + length, 512)).host
    return Found(algorithm=algorithm, pin=pin, host=host)


def _wide(raw: bytes) -> Found | None:
    """The same in UTF-16, as .NET and some resource tables write it."""
    narrow = raw[::2]
    for algorithm, shape in _SHAPES.items():
        if found := shape.match(narrow):
            pin = _pin_of(found, algorithm)
            if pin is not None and not any(raw[1 : 2 * found.end() : 2]):
                return Found(algorithm=algorithm, pin=pin, host="")
    return None


def _bare(window: Window, looks: Looks) -> Iterator[Found]:
    for ending in _BARE_ENDINGS:
        for end in window.places(ending):
            bare = _BARE.match(window.before(end + 1)[-_BARE_LENGTH:])
            if bare is None or len(set(bare[1])) < _LEAST_DIFFERENT:
                continue
            if not looks.one_more():
                return
            before, after = window.before(end + 2 - _BARE_LENGTH), window.after(end + 1, 512)
            # Keys of other kinds (WireGuard's, shared secrets) look the same and may stand beside a host too.
            place = beside(before, after)
            if place.host and (place.named_pin or _NEIGHBOUR.match(after) or _FORMER.search(before[-_FORMER_LENGTH:])):
                yield Found(algorithm="sha256", pin=bare[1].decode("ascii"), host=place.host)


def _pin_of(shape: re.Match[bytes], algorithm: str) -> str | None:
    try:
        if shape["hex"] is not None:
            return b64encode(bytes.fromhex(shape["hex"].decode("ascii"))).decode("ascii")
        pin = shape["base64"].decode("ascii") + "="
        return pin if len(b64decode(pin)) == BYTES[algorithm] else None
    except (binascii.Error, ValueError):
        return None
