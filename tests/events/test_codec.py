"""The codec: every event survives its journal line, and nothing else passes for one."""

from __future__ import annotations

import json
import types
import typing
from dataclasses import MISSING, fields, replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.builders import chain, server_chain, session

from pinprobe import events as ev

HELD = st.floats(-ev.LARGEST, ev.LARGEST, exclude_min=True, exclude_max=True)
"""Numbers that a journal can hold."""


def values(hint: Any) -> st.SearchStrategy[Any]:
    """Anything of this type."""
    if isinstance(hint, types.UnionType):
        return st.one_of(*map(values, hint.__args__))
    if typing.get_origin(hint) is tuple:
        return st.lists(values(hint.__args__[0]), max_size=3).map(tuple)
    if hint in ev.PARTS:
        return instances(hint)
    plain: dict[Any, st.SearchStrategy[Any]] = {
        str: st.text(),
        int: st.integers(),
        float: HELD,
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


@given(ANY_EVENT, st.randoms(use_true_random=False))
def test_it_is_read_the_same_in_whatever_order_and_layout_the_fields_stand(event: ev.Event, chance: Random) -> None:
    """What does not look as it is written is read the long way."""
    record = json.loads(ev.to_json(event))
    names = list(record)
    chance.shuffle(names)
    assert ev.from_json(json.dumps({name: record[name] for name in names}, indent=1)) == event


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
    "null for a field that has a default": line_with(phase=None),
    "a number for a field that has a default": line_with(label=7),
    "a field of another kind of event": line_with(purpose="content"),
    "a time beyond all numbers": line_with(at_s=10**400),
    "a time that is no number": line_with(at_s=float("nan")),
    "a time without end": line_with(at_s=float("inf")),
    "a time without beginning": line_with(at_s=float("-inf")),
    "a time beyond whole seconds": line_with(at_s=float(ev.LARGEST)),
    "a time long before all whole seconds": line_with(at_s=-float(ev.LARGEST)),
    "a whole number beyond whole seconds": line_with(at_s=ev.LARGEST),
    "text for a list": line_with(first_party="example.com"),
    "a number in a list of texts": line_with(first_party=["example.com", 7]),
}


@pytest.mark.parametrize("line", DAMAGED.values(), ids=DAMAGED.keys())
def test_what_is_no_event_is_refused(line: str | bytes) -> None:
    with pytest.raises(ev.EventError):
        ev.from_json(line)


NEWER_FIELDS: dict[type[ev.Event], dict[str, Any]] = {
    ev.SessionStarted: {"phase": "test", "label": "", "device": "", "android_api": None, "backup_pins": ()},
    ev.ServerChainSeen: {"root": None},
    ev.RequestSeen: {"purpose": "content"},
    ev.CleartextSeen: {"purpose": "content"},
}
"""What schema version 1 did not have, and what it meant all the same."""


def test_only_fields_that_came_later_have_a_default() -> None:
    defaults = {
        kind: {field.name: field.default for field in fields(kind) if field.default is not MISSING}
        for kind in ev.EVENTS
    }
    assert {kind: found for kind, found in defaults.items() if found} == NEWER_FIELDS


@pytest.mark.parametrize("kind", NEWER_FIELDS, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_a_line_of_version_1_is_read_with_defaults(kind: type[ev.Event], data: st.DataObject) -> None:
    event = data.draw(instances(kind))
    record = json.loads(ev.to_json(event))
    for name in NEWER_FIELDS[kind]:
        del record[name]
    read = ev.from_json(json.dumps(record))
    assert read == replace(event, **NEWER_FIELDS[kind])


def test_a_journal_of_version_1_is_read_back() -> None:
    """Word for word as version 1 wrote them."""
    lines = (
        '{"type":"SessionStarted","at_s":1700000000.0,"schema_version":1,"session_id":"s","tool_version":"0.1.0",'
        '"mitmproxy_version":"12.1.2","openssl_version":"OpenSSL 3.5.0","python_version":"3.13.1",'
        '"ca_pin_sha256":"r/mIkG3eEpVdm+u/ko/cwxzOMo1bk4TyHIlByibiA5E=","app_id":null,"mode":"experiment",'
        '"ca_store":"unknown","first_party":[],"connection_strategy":"eager","seed":7,"probes":[],"contrasts":true}',
        '{"type":"CleartextSeen","at_s":1700000001.0,"connection_id":1,"host":"a.example","port":80,"protocol":"http"}',
    )
    started, seen = map(ev.from_json, lines)
    assert started == session(schema_version=1, session_id="s", app_id=None)
    assert isinstance(seen, ev.CleartextSeen) and seen.purpose == ev.CONTENT


def test_a_whole_number_may_stand_for_a_time() -> None:
    assert ev.from_json(line_with(at_s=1_700_000_000)) == session(at_s=1_700_000_000.0)


@pytest.mark.parametrize("at_s", [ev.LARGEST - 1, 1 - ev.LARGEST])
def test_the_largest_times_are_read(at_s: int) -> None:
    assert ev.from_json(line_with(at_s=at_s)) == ev.from_json(line_with(at_s=float(at_s))) == session(at_s=float(at_s))


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float(ev.LARGEST)])
def test_no_number_inside_a_certificate_is_beyond_that_either(number: float) -> None:
    seen = server_chain(certificates=(replace(chain()[0], not_after_s=number),))
    with pytest.raises(ev.EventError):
        ev.from_json(ev.to_json(seen))


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
