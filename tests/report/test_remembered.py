"""What was made of an endpoint is found again while it says the same, and nothing else is kept."""

from __future__ import annotations

import gc
from typing import Any
from weakref import WeakSet

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinprobe.attempts import Endpoint
from pinprobe.report import remembered as module
from pinprobe.report.remembered import Remembered


class Text:
    """What is made; it can be seen when it is gone."""

    def __init__(self, of: object) -> None:
        self.of = of


def endpoint(number: int) -> Endpoint:
    return Endpoint(app_id="com.example.app", host=f"h{number}.example.com", port=443, transport="tcp")


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), max_size=30))
def test_it_is_always_what_would_be_made_now(asked: list[tuple[int, int]]) -> None:
    memory = Remembered[Text]()
    last: dict[int, Any] = {}
    for number, said in asked:
        found = memory.of(endpoint(number), said, lambda said=said: Text(said))  # type: ignore[misc]
        assert found.of == said
        before = last.get(number)
        assert (found is before) == (before is not None and before.of == said), "made again only where it has changed"
        last[number] = found


def test_what_an_endpoint_said_before_is_let_go() -> None:
    memory, alive = Remembered[Text](), WeakSet[Text]()
    for said in range(50):
        alive.add(memory.of(endpoint(0), said, lambda said=said: Text(said)))  # type: ignore[misc]
    gc.collect()
    assert [one.of for one in alive] == [49]


def test_there_is_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 5)
    memory, alive = Remembered[Text](), WeakSet[Text]()
    for number in range(23):
        alive.add(memory.of(endpoint(number), 1, lambda number=number: Text(number)))  # type: ignore[misc]
        gc.collect()
        assert len(alive) <= 5
    memory.forget()
    gc.collect()
    assert not alive
