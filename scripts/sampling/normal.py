"""A journal as if recorded at one fixed time, with keys that are nobody's: everything else is left as it was. Pure."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass, replace
from typing import Any

from pinprobe.events import Event, SessionStarted

STARTED_S = 1_767_348_000.0
"""2026-01-02 10:00:00 UTC."""
SESSION_ID = "20260102-100000-demo"
DECIMALS = 6

PINS = frozenset({"pin_sha256", "ca_pin_sha256", "leaf_pin_sha256", "leaf_pin", "issuer_pin"})
"""Fields that hold a base64 SHA-256 of a key."""
HASHES = frozenset({"leaf_sha256", "chain_id", "marks"})
"""Fields that hold other digests, or several, in hex."""
TIMES = frozenset({"at_s", "not_before_s", "not_after_s"})


def normalised(events: Iterable[Event]) -> list[Event]:
    """Times counted from STARTED_S, and every digest replaced: equal ones by equal ones, in order of appearance."""
    found = list(events)
    first = found[0]
    assert isinstance(first, SessionStarted)
    shift = STARTED_S - first.at_s
    digests: dict[str, str] = {}

    def moved(at_s: float) -> float:
        return round(at_s + shift, DECIMALS)

    def another(digest: str) -> str:
        return digests.setdefault(digest, _digest(len(digests) + 1, digest))

    kinds: tuple[tuple[frozenset[str], Callable[[Any], Any]], ...] = (
        (TIMES, moved),
        (PINS | HASHES, another),
        (frozenset({"session_id"}), lambda _: SESSION_ID),
    )
    changed = {name: change for names, change in kinds for name in names}

    def plain(thing: Any) -> Any:
        return replace(thing, **{f.name: value(f.name, getattr(thing, f.name)) for f in fields(thing)})

    def value(name: str, old: Any) -> Any:
        if isinstance(old, tuple):
            return tuple(value(name, one) for one in old)
        if is_dataclass(old):
            return plain(old)
        return changed[name](old) if name in changed and old is not None else old

    return [plain(event) for event in found]


def _digest(number: int, like: str) -> str:
    """The digest of a number, in the form of the one that it replaces."""
    made = hashlib.sha256(f"pinprobe sample {number}".encode()).digest()
    return base64.b64encode(made).decode() if like.endswith("=") else made.hex()[: len(like)]
