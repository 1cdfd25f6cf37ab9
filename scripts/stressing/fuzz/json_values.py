"""One JSON value changed for another, anywhere in a line: it stays JSON, and may mean anything."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from stressing.fuzz.mutation import mutated

VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 46, 443, 65536, 2**53, -(2**53), 2**63, 10**400, 0.5, 1e308, -1e308, 1_700_000_000.0,
    "", "x", "\0", "a" * 5000, "\u202e", "\ud800", "\n", "<b>", "api.example.com", "trusted_ca", "relay", "tcp", "udp",
    "com.example.app", "unknown_ca", "client", "timer", "replay_foreign", [], {}, [[]], ["h2"], [None],
)  # fmt: skip
DEEP = 400


def json_mutated(line: bytes, chance: Random) -> bytes:
    """A line with a few values, keys or bytes changed."""
    if chance.randrange(8) == 0:
        return mutated(line, chance)
    try:
        document = json.loads(line)
    except (ValueError, RecursionError):
        return mutated(line, chance)
    for _ in range(chance.choice((1, 1, 2, 3))):
        document = _changed(document, chance, 0)
    try:
        return json.dumps(document, separators=(",", ":")).encode("ascii")
    except (ValueError, RecursionError):
        return line


def _changed(value: Any, chance: Random, depth: int) -> Any:
    if isinstance(value, dict) and value and chance.randrange(6):
        key = chance.choice(list(value))
        match chance.randrange(12):
            case 0:
                return {other: inner for other, inner in value.items() if other != key}
            case 1:
                return {**value, str(chance.choice(VALUES))[:50]: value[key]}
            case 2:
                return {**value, key: value[chance.choice(list(value))]}
            case _:
                return {**value, key: _changed(value[key], chance, depth + 1)}
    if isinstance(value, list) and value and chance.randrange(3):
        at = chance.randrange(len(value))
        match chance.randrange(4):
            case 0:
                return value[:at] + value[at + 1 :]
            case 1:
                return value + value[at : at + 1] * chance.choice((1, 2, 50))
            case _:
                return [*value[:at], _changed(value[at], chance, depth + 1), *value[at + 1 :]]
    if isinstance(value, int | float) and abs(value) < 2**60 and chance.randrange(2):
        return value + chance.choice((-1, 1, -0.25, 1000, 0.001, -100))
    if isinstance(value, str) and value and chance.randrange(3) == 0:
        return mutated(value.encode("utf-8", "surrogatepass"), chance).decode("utf-8", "replace")
    if depth and chance.randrange(200) == 0:
        deep: Any = value
        for _ in range(DEEP):
            deep = [deep]
        return deep
    return chance.choice(VALUES)
