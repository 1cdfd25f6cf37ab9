"""The codec: every event survives its journal line, and nothing else passes for one."""

from __future__ import annotations

import json
import types
import typing
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinprobe import events as ev
from tests.builders import session

FINITE = st.floats(allow_nan=False, allow_infinity=False)


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Anything of this type."""
    if isinstance(hint, types.UnionType):
        return st.one_of(*map(values, hint.__args__))
    if typing.get_origin(hint) is tuple:
        return st.lists(values(hint.__args__[0]), max_size=3).map(tuple)
    if hint is ev.Certificate:
        return instances(hint)
    plain: dict[Any, st.SearchStrategy[Any]] = {
        str: st.text(),
        int: st.integers(),
        float: FINITE,
        bool: st.booleans(),
        types.NoneType: st.none(),
    }
    return plain[hint]


def instances(kind: type[Any]) -> st.SearchStrategy[Any]:
    return st.builds(kind, **{name: values(hint) for name, hint in typing.get_type_hints(kind).items()})


ANY_EVENT: st.SearchStrategy[ev.Event] = st.one_of(*map(instances, ev.EVENTS))
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(ANY_EVENT)
def test_every_event_survives_its_line(event: ev.Event) -> None:
    line = ev.to_json(event)
    assert line.isascii() and "\n" not in line
    assert ev.from_json(line) == event
    assert ev.from_json(line.encode("ascii") + b"\n") == event


def test_the_table_holds_every_kind_once() -> None:
    kinds = [kind for kind in vars(ev).values() if isinstance(kind, type) and issubclass(kind, ev.Event)]
    bases = {base for kind in kinds for base in kind.__mro__[1:]}
    assert sorted(kind.__name__ for kind in ev.EVENTS) == sorted(k.__name__ for k in kinds if k not in bases)


def test_control_characters_of_a_name_stay_inert() -> None:
    line = ev.to_json(session(app_id="\x1b[2Jcom.example\n\x9b"))
    assert "\x1b" not in line and "\\u001b" in line and "\\u009b" in line


def line_with(**changes: Any) -> str:
    """The line of a session's start, with these fields changed; None takes a field away."""
    record = json.loads(ev.to_json(session())) | changes
    return json.dumps({name: value for name, value in record.items() if value is not ...})


DAMAGED = {
    "nothing": "",
    "no JSON": "session started",
    "half a line": '{"type":"ToolFailed","at_s":1',
    "no UTF-8": b'{"type":"\xff"}',
    "too deep": "[" * 100_000,
    "a list": "[]",
    "a number": "1",
    "null": "null",
    "no type": "{}",
    "unknown type": line_with(type="SessionStopped"),
    "a base class": '{"type":"Event","at_s":1.0}',
    "type is null": line_with(type=None),
    "type is a number": line_with(type=7),
    "type is a list": line_with(type=["SessionStarted"]),
    "type is an object": line_with(type={"name": "SessionStarted"}),
    "missing field": line_with(seed=...),
    "unknown field": line_with(path="/secret"),
    "text for a number": line_with(seed="7"),
    "a number for text": line_with(mode=7),
    "a fraction for a whole number": line_with(seed=7.5),
    "yes for a number": line_with(seed=True),
    "yes for a time": line_with(at_s=True),
    "null for text": line_with(mode=None),
    "a time beyond all numbers": line_with(at_s=10**400),
    "text for a list": line_with(first_party="example.com"),
    "a number in a list of texts": line_with(first_party=["example.com", 7]),
}


@pytest.mark.parametrize("line", DAMAGED.values(), ids=DAMAGED.keys())
def test_what_is_no_event_is_refused(line: str | bytes) -> None:
    with pytest.raises(ev.EventError):
        ev.from_json(line)


def test_a_whole_number_may_stand_for_a_time() -> None:
    assert ev.from_json(line_with(at_s=1_700_000_000)) == session(at_s=1_700_000_000.0)


@given(ANY_EVENT, st.data())
def test_a_changed_field_is_read_or_refused(event: ev.Event, data: st.DataObject) -> None:
    """No field's content makes the reader fail in a way that its callers do not expect."""
    record = json.loads(ev.to_json(event))
    record[data.draw(st.sampled_from(sorted(record)))] = data.draw(ANY_JSON)
    try:
        read = ev.from_json(json.dumps(record))
    except ev.EventError:
        return
    assert ev.to_json(read)


@given(st.binary() | st.text())
def test_any_line_is_read_or_refused(line: str | bytes) -> None:
    with pytest.raises(ev.EventError):
        ev.from_json(line)
