"""The form of a kind of event: what looks as it is written is taken as it stands, and nothing else is."""

from __future__ import annotations

import json
import typing
from typing import Any

import pytest
from hypothesis import given
from tests.builders import server_chain, session
from tests.events.test_codec import ANY_EVENT

from pinprobe import events as ev
from pinprobe.events.forms import Form


def form_of(kind: type[ev.Event]) -> Form:
    return Form(kind, typing.get_type_hints(kind))


def record_of(event: ev.Event) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(ev.to_json(event))
    del record["type"]
    return record


@given(ANY_EVENT)
def test_what_it_takes_is_the_event(event: ev.Event) -> None:
    form = form_of(type(event))
    values = form.values(record_of(event))
    assert values is None or form.make(*values) == event


def test_lists_of_text_are_taken_and_parts_are_not() -> None:
    assert form_of(ev.SessionStarted).values(record_of(session())) is not None
    assert form_of(ev.ServerChainSeen).values(record_of(server_chain())) is None


OTHERWISE: dict[str, dict[str, Any]] = {
    "text for a number": {"seed": "7"},
    "a whole number for a time": {"at_s": 5},
    "a time beyond bounds": {"at_s": float(ev.LARGEST)},
    "no number": {"at_s": float("nan")},
    "a number among texts": {"first_party": ["a.example", 7]},
    "a field too many": {"path": "/"},
}


@pytest.mark.parametrize("change", OTHERWISE.values(), ids=OTHERWISE.keys())
def test_what_looks_otherwise_wants_a_closer_look(change: dict[str, Any]) -> None:
    assert form_of(ev.SessionStarted).values(record_of(session()) | change) is None


def test_so_does_another_order() -> None:
    record = record_of(session())
    assert form_of(ev.SessionStarted).values(dict(reversed(record.items()))) is None
