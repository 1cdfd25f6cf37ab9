"""What is made quickly is what the dataclass itself would make."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields

import pytest
from hypothesis import given
from tests.builders import chain
from tests.events.test_codec import ANY_EVENT

from pinprobe import events as ev
from pinprobe.events.quick import quick


@given(ANY_EVENT)
def test_every_kind_of_event_is_made_the_same(event: ev.Event) -> None:
    made = quick(type(event))(**{field.name: getattr(event, field.name) for field in fields(event)})
    assert type(made) is type(event) and made == event and hash(made) == hash(event) and repr(made) == repr(event)


@given(ANY_EVENT)
def test_the_order_of_the_fields_will_do(event: ev.Event) -> None:
    assert quick(type(event))(*(getattr(event, field.name) for field in fields(event))) == event


def test_it_is_as_frozen() -> None:
    leaf = chain()[0]
    made = quick(ev.Certificate)(**{field.name: getattr(leaf, field.name) for field in fields(leaf)})
    with pytest.raises(FrozenInstanceError):
        made.subject = "CN=other"  # type: ignore[misc]


def test_what_the_constructor_refuses_is_refused() -> None:
    with pytest.raises(TypeError, match="path"):
        quick(ev.SessionEnded)(at_s=0.0, path="/")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="at_s"):
        quick(ev.SessionEnded)()  # type: ignore[call-arg]
