"""Journals to begin with: every kind of event, and sessions in which every verdict occurs, few lines each."""

from __future__ import annotations

import json
import types
import typing
from functools import cache
from random import Random
from typing import Any

from tests import builders as make
from tests.report.samples import HOSTILE

from pinprobe import events as ev
from stressing.fuzz.json_values import json_mutated
from stressing.fuzz.mutation import LONGEST


def lines(events: typing.Iterable[ev.Event]) -> bytes:
    """As a journal has them."""
    return b"".join(ev.to_json(event).encode("ascii") + b"\n" for event in events)


def sample(kind: type[Any]) -> Any:
    """One of this kind, with plain values."""
    return kind(**{name: _value(hint) for name, hint in typing.get_type_hints(kind).items()})


def _value(hint: Any) -> Any:
    if isinstance(hint, types.UnionType):
        return _value(hint.__args__[0])
    if typing.get_origin(hint) is tuple:
        return (_value(hint.__args__[0]),)
    if hint in ev.PARTS:
        return sample(hint)
    return {str: "api.example.com", int: 1, float: make.START_S, bool: True}[hint]


@cache
def every_kind() -> tuple[bytes, ...]:
    """One line for each kind of event."""
    return tuple(lines([sample(kind)]) for kind in ev.EVENTS)


@cache
def sessions() -> tuple[bytes, ...]:
    """Whole journals."""
    m = make
    host, other = "api.example.com", "login.example.com"
    pinned = [m.refused_alert(host), m.refused_alert(host), m.relayed_ok(host)]
    scenes: list[list[make.Events]] = [
        [m.accepted(host), m.accepted(host), m.refused_unknown_ca(host)],
        [*pinned, m.accepted(other), m.refused_unknown_ca(other)],
        [m.pinned_after_handshake(host), m.relayed_ok(host), m.refused_unknown_ca(host)],
        [*pinned, m.cleartext(host, repeats=1)],
        [m.accepted_unknown_ca(host), m.quic(other), m.upstream_failed("down.example.org"), m.tool_failed()],
        [
            m.chain_known(host),
            m.refused_alert(host),
            m.replayed(host),
            m.relayed_ok(host),
            m.host_known(host, "example.com"),
        ],
        [m.inside(m.accepted(host), *m.repeated(1)), m.refused_alert(other, alert=48), m.silent(host), m.resumed(host)],
        [[sample(kind)] for kind in ev.EVENTS if kind is not ev.SessionStarted],
    ]
    return tuple(lines(m.journal(*scene, ca_store="system")) for scene in scenes)


@cache
def hostile() -> tuple[bytes, ...]:
    """Sessions whose names and errors try to break the page."""
    return tuple(
        sessions()[number % 6].replace(b"api.example.com", json.dumps(text).encode("ascii")[1:-1])
        for number, text in enumerate(HOSTILE.values())
        if len(text) < 1000
    )


def journal_mutated(data: bytes, chance: Random) -> bytes:
    """Lines left out, doubled, moved, or changed in a value, so that most of a journal still counts."""
    found = data.splitlines(keepends=True) or [b""]
    for _ in range(chance.choice((1, 2, 4))):
        at, to = chance.randrange(len(found)), chance.randrange(len(found))
        match chance.randrange(8):
            case 0:
                del found[at]
            case 1:
                found.insert(to, found[at])
            case 2:
                found[at], found[to] = found[to], found[at]
            case 3:
                found[at:at] = [chance.choice(every_kind())]
            case _:
                found[at] = json_mutated(found[at].rstrip(b"\n"), chance) + b"\n"
        found = found or [b""]
    return b"".join(found)[:LONGEST]
