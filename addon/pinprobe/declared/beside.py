"""Which host name stands right beside a pin in text: JavaScript, JSON, or a line of settings. Pure.

Code is not parsed here. From the pin one looks back over what may stand between a host and its pins, and stops at
everything else: a host of another object must never be taken for this one's. In the string table of a dex file strings
stand in alphabetical order without quotes between them, so that nothing is found there, as it should be.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_WALK = 64
"""Tokens between a host and its pins: two names of settings, and as many pins as anybody has."""

_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?"
_HOST = re.compile(rf"(?:\*{{1,2}}\.)?(?:{_LABEL}\.)+[A-Za-z]{{2,24}}")
_URL = re.compile(r"https?://([^/:?#@\s]+)(?::\d{1,5})?(?:[/?#].*)?", re.DOTALL)
_PORT = re.compile(r":\d{1,5}\Z")
_FILE_ENDS = frozenset(
    "bin bks cer crt css csv db der dex dll env gif gz htm html jar java jks jpeg jpg js jsbundle json jsx key kt lock "
    "log map mjs p12 pem pfx plist png properties so svg toml ts tsx txt wasm webp xml yaml yml".split()
)
"""Endings of file names; `so` is a country too, but its hosts are rarer than native libraries."""
_PACKAGE_STARTS = frozenset("android androidx com java javax kotlin kotlinx org okhttp3".split())
"""A name that begins so is a class or a package, written the other way round."""

_TOKEN = re.compile(r"""(?P<text>"[^"\\\x00-\x1f]{0,300}"|'[^'\\\x00-\x1f]{0,300}')|(?P<word>[\w$!.-]+)|(?P<sign>\S)""")
_SETTING = re.compile(r"""(?:^|[\s"';,{>])([A-Za-z0-9*_.-]+)[ \t]{0,4}[=:][ \t]{0,4}["']?\Z""")
_SETTING_LENGTH = 270
"""Characters: the longest name of a host, and what may stand around it."""
_PIN_WORD = re.compile(r"(?<![a-z])pin|Pin|PIN|(?i:hash|spki|sha-?256|digest|fingerprint)")
"""`pins`, `sslPinning`, but not `mapping`."""
_CARRIER_WORD = re.compile(r"pin|cert|ssl|tls|security|key", re.IGNORECASE)
_HOST_WORD = re.compile(r"host|domain|url", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What stands beside a pin."""

    host: str = ""
    """Lower case, `*.` and `**.` kept; empty where none does."""
    named_pin: bool = False
    """Whether a word between the two speaks of pins."""


def beside(before: bytes, after: bytes) -> Beside:
    """Look around a pin. `before` ends where the pin begins, quotation mark included; `after` begins behind it."""
    back = _readable(before, from_end=True)
    if setting := _SETTING.search(back[-_SETTING_LENGTH:]):
        if host := host_in(setting[1]):
            return Beside(host=host)
    if not back.endswith(('"', "'", "`")):
        return Beside()
    pieces = _backwards(back[:-1])
    named_pin = False
    for kind, piece in pieces:
        if kind == "text" and (host := host_in(piece)):
            return Beside(host=host, named_pin=named_pin)
        named_pin = named_pin or bool(_PIN_WORD.search(piece))
        if (kind, piece) == ("sign", "{"):
            host, goes_on, named = _across_brace(pieces)
            named_pin = named_pin or named
            if host:
                return Beside(host=host, named_pin=named_pin)
            if not goes_on:
                return Beside(host=_host_behind(_readable(after, from_end=False)), named_pin=named_pin)
        elif kind == "sign" and piece in "});":
            break
    return Beside()


def host_in(text: str) -> str:
    """The host that a whole literal names, alone or in a URL; empty for any other text."""
    url = _URL.fullmatch(text)
    name = (url[1] if url else _PORT.sub("", text)).lower()
    if len(name) > 253 or not _HOST.fullmatch(name):
        return ""
    labels = name.split(".")
    odd = labels[-1] in _FILE_ENDS or labels[0] in _PACKAGE_STARTS
    return "" if odd and not url else name


Token = tuple[str, str]


def _across_brace(pieces: Iterator[Token]) -> tuple[str, bool, bool]:
    """What an object belongs to: a host as its key or the argument before it; else whether its key is one that
    carries pins, so that the object around it may name the host; and whether that key speaks of pins."""
    joint = next(pieces, ("", ""))[1]
    kind, owner = next(pieces, ("", ""))
    if joint not in (":", ","):
        return "", False, False
    if kind == "text" and (host := host_in(owner)):
        return host, False, False
    carries = joint == ":" and bool(_CARRIER_WORD.search(owner))
    return "", carries, carries and bool(_PIN_WORD.search(owner))


def _host_behind(text: str) -> str:
    """The host that the rest of the pin's own object names by a key of that meaning."""
    words: list[Token] = []
    for found in _TOKEN.finditer(text, 1):
        kind, piece = str(found.lastgroup), _bare(found[0])
        if (kind == "sign" and piece in "{}();") or len(words) == LONGEST_WALK:
            return ""
        if kind == "text" and len(words) > 1 and words[-1][1] == ":" and _HOST_WORD.search(words[-2][1]):
            return host_in(piece)
        words.append((kind, piece))
    return ""


def _backwards(text: str) -> Iterator[Token]:
    """Tokens from the end on: literals without their quotation marks, words, single signs."""
    # The pattern reads the same in both directions.
    for number, found in enumerate(_TOKEN.finditer(text[::-1])):
        if number == LONGEST_WALK:
            return
        yield str(found.lastgroup), _bare(found[0])[::-1]


def _bare(piece: str) -> str:
    return piece[1:-1] if len(piece) > 1 and piece[0] in "\"'" else piece


def _readable(raw: bytes, *, from_end: bool) -> str:
    """The text up to the first byte that no text has; quotation marks without the backslash of text inside text."""
    text = raw.decode("latin-1")
    pieces = _CONTROL.split(text)
    return pieces[-1 if from_end else 0].replace('\\"', '"').replace("\\/", "/")
