"""Recognise pins in the body of an answer, by their shape and by what stands beside them. Pure; none of them is kept.

An app that fetches its pins at run time gets them as `sha256/…` (OkHttp's form), as `pin-sha256="…"` (RFC 7469), or as
bare Base64 under a word such as pins or publicKeyHash. The digests of Content Security Policy and subresource
integrity (`sha256-…`), keys of a JWK set, entity tags and other hashes have the same length and are none.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

DOCUMENT, STRINGS = "document", "strings"
SEVERAL = 2
"""Pins by name that make a document."""
SHORTEST = 44
"""Characters of a pin."""
NODES_READ = 10000
"""Of a JSON document."""
DEEPEST = 2
"""JSON in a string of JSON, as remote configurations have it."""
BESIDE = 80
"""Characters between a word and what it names, outside JSON."""
DIFFERENT = 12
"""Characters that a digest has at least: a random one has about thirty, an example such as AAAA… has one."""

_B64 = r"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]="
"""32 bytes: the last character carries four bits."""
_ANY = re.compile(rb"=(?<=[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=)")
_PERHAPS = re.compile(rb"=(?<=[A-Za-z0-9+/\\]{20}=)")
"""What may turn out to be one once escapes are undone, which takes longer."""
_HINTS = (b"sha256/", b"pin", b"spki", b"publickey", b"public_key", b"public-key", b"public key", b"fingerprints")
"""Without one of them there is nothing to read."""
_ESCAPED = re.compile(rb"\\(?:/|u002f|u003d|u002b)", re.IGNORECASE)
_PLAIN = {b"\\/": b"/", b"\\u002f": b"/", b"\\u003d": b"=", b"\\u002b": b"+"}
"""What common writers of JSON escape of Base64."""
_PAGE = re.compile(rb"\s*<(?:!doctype html|html)\b", re.IGNORECASE)

_MARKED = re.compile(rf"(?<![A-Za-z_/.+-])(?:sha256/|pin-sha256=[\"']?)({_B64})[\"']?(?!=)")
_BARE = re.compile(rf"(?<![A-Za-z0-9+/=-])({_B64})(?!=)")
_WORD = re.compile(
    r"spki|public[-_ ]?key[-_ ]?(?:hash|pin|sha)|(?:ssl|tls|cert|certificate)[-_ ]?pin|pinning|pin[-_ ]?set"
    r"|pin[-_ ]?sha[-_ ]?256|pinned[-_ ]?(?:cert|key|domain|public|host)|(?<![A-Za-z])pins(?![A-Za-z])|<pin\b",
    re.IGNORECASE,
)
_PINS = re.compile(r"(?<=[a-z0-9])Pins(?![a-z])")
_WEAK = frozenset({"pin", "fingerprints"})
"""Words that may mean something else, such as a person's secret number: they count beside the name of a host."""
_NEUTRAL = re.compile(
    r"(?:public|leaf|intermediate|root|ca|primary|backup|current|next|previous|active|fallback|expected|all)?[-_ ]?"
    r"(?:sha[-_ ]?256|hash|hashe|digest|value|key|public[-_ ]?key|fingerprint|certificate|cert|base64|host|domain"
    r"|entrie|entry|item|config)?s?[-_ ]?\d*",
    re.IGNORECASE,
)
"""Keys between a word and its pins that change nothing."""
_HOST = re.compile(r"(?:\*{1,2}\.)?(?:[a-z0-9_-]{1,63}\.)+[a-z][a-z0-9-]{1,30}", re.IGNORECASE)
_NAMING = frozenset({"host", "hostname", "domain", "name", "pattern", "server"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PinMaterial:
    """How pins stand in a body, and how many different ones."""

    kind: str
    """DOCUMENT, a set of pins by name, or STRINGS."""
    count: int


class _Kind(Enum):
    """What a key says of the values under it."""

    WORD = auto()
    WEAK = auto()
    HOST = auto()
    NEUTRAL = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where in a document a value stands."""

    word: bool = False
    """Under a word that can mean nothing else."""
    weak: bool = False
    host: bool = False
    """Under or beside the name of a host."""


def pin_material(body: bytes) -> PinMaterial | None:
    """The pins in a decoded body; None for anything else, however broken."""
    if not _is_worth_reading(body):
        return None
    text = body.decode("utf-8", "replace").removeprefix("\ufeff")
    document = _json(text)
    if document is None:
        found = {(pin, False) for pin in _in_text(text)}
    elif _is_something_else(document):
        return None
    else:
        found = set(_in_json(document))
    pins = {pin for pin, _ in found}
    by_name = {pin for pin, named in found if named}
    if not pins:
        return None
    return PinMaterial(kind=DOCUMENT if len(by_name) >= SEVERAL else STRINGS, count=len(pins))


def _is_worth_reading(body: bytes) -> bool:
    """A quick look, for most bodies hold no digest at all."""
    if b"\\" in body:
        if b"\\u003" not in body and not _PERHAPS.search(body):
            return False
        body = _ESCAPED.sub(lambda escape: _PLAIN[escape[0].lower()], body)
    if not _ANY.search(body) or _PAGE.match(body):
        return False
    lower = body.lower()
    return any(hint in lower for hint in _HINTS)


def _json(text: str) -> Any:
    if text.lstrip()[:1] not in {"{", "["}:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _is_something_else(document: Any) -> bool:
    """A source map, or a set of keys (RFC 7517)."""
    if not isinstance(document, dict):
        return False
    keys = document.get("keys")
    is_jwks = isinstance(keys, list) and any(isinstance(key, dict) and "kty" in key for key in keys)
    return is_jwks or "kty" in document or {"mappings", "sources"} <= document.keys()


def _in_json(document: Any) -> Iterator[tuple[str, bool]]:
    """Every pin, and whether it stands in a set by name."""
    waiting: list[tuple[Any, _Place, int]] = [(document, _Place(), 0)]
    kinds: dict[str, _Kind] = {}
    for _ in range(NODES_READ):
        if not waiting:
            return
        value, place, depth = waiting.pop()
        if isinstance(value, dict):
            beside = place.host or any(_is_host(value.get(key)) for key in _NAMING & value.keys())
            for key, inner in value.items():
                if isinstance(inner, dict | list) or (isinstance(inner, str) and len(inner) >= SHORTEST):
                    if (kind := kinds.get(key)) is None:
                        kind = kinds[key] = _kind_of(key)
                    waiting.append((inner, _below(place, kind, host=beside), depth))
        elif isinstance(value, list):
            waiting += ((inner, place, depth) for inner in value)
        elif isinstance(value, str) and len(value) >= SHORTEST:
            inner = _json(value) if depth < DEEPEST else None
            if inner is not None:
                waiting.append((inner, place, depth + 1))
            else:
                yield from _in_value(value, place)


def _kind_of(key: str) -> _Kind:
    if _is_host(key):
        return _Kind.HOST
    if _WORD.search(key) or _PINS.search(key):
        return _Kind.WORD
    if key.lower() in _WEAK:
        return _Kind.WEAK
    return _Kind.NEUTRAL if _NEUTRAL.fullmatch(key) or key.lower() in _NAMING else _Kind.OTHER


def _below(place: _Place, kind: _Kind, *, host: bool) -> _Place:
    """The place of what stands under a key of this kind. Any other key ends what a word above it means."""
    if kind is _Kind.WORD:
        return _Place(word=True, host=host)
    if kind is _Kind.OTHER:
        return _Place(host=host)
    return _Place(word=place.word, weak=place.weak or kind is _Kind.WEAK, host=host or kind is _Kind.HOST)


def _in_value(value: str, place: _Place) -> Iterator[tuple[str, bool]]:
    marked = list(_MARKED.finditer(value))
    if marked and 2 * sum(len(one.group()) for one in marked) >= len(value):
        # Else it is prose that speaks of pins.
        for one in marked:
            if _is_digest(one[1]):
                yield one[1], place.word or place.host
    elif (place.word or (place.weak and place.host)) and (bare := _BARE.fullmatch(value.strip())):
        if _is_digest(bare[1]):
            yield bare[1], True


def _in_text(text: str) -> Iterator[str]:
    marked = {one[1] for one in _MARKED.finditer(text)}
    yield from filter(_is_digest, marked)
    last = -BESIDE
    for one in _BARE.finditer(text):
        before = text[max(0, one.start() - BESIDE) : one.start()]
        if (_WORD.search(before) or one.start() - last < BESIDE) and _is_digest(one[1]):
            # One that follows another is of the same list.
            last = one.end()
            yield one[1]


def _is_digest(base64: str) -> bool:
    return len(set(base64)) >= DIFFERENT


def _is_host(text: Any) -> bool:
    return isinstance(text, str) and len(text) <= 253 and bool(_HOST.fullmatch(text))
