"""Spare sockets: an empty close beside a connection that carries data is no refusal, whichever is told first."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from tests import builders as b
from tests.builders import FLUTTER, Events, began, closed, established
from tests.rooms import stack_in

from pinprobe import events as ev
from pinprobe.attempts import Outcome
from pinprobe.thresholds import EMPTIES_KEPT


def empty(open_s: float = 0.2, **how: Any) -> Events:
    """A handshake, and a close soon after."""
    return [*began(**how), established(), closed(0.06 + open_s)]


def with_data(until_s: float = 5.0, **how: Any) -> Events:
    """A connection that carries a request and stays open for a while."""
    seen = ev.ApplicationDataSeen(at_s=0.064, connection_id=0, protocol="h2", preface_only=False)
    return [*began(**how), established(), seen, closed(until_s, requests=1)]


def relayed(until_s: float = 5.0, **how: Any) -> Events:
    return [*b.relayed_ok(**how)[:-1], closed(until_s)]


def at(*placed: tuple[float, Events]) -> Events:
    """Connections in the order of this call, each at its own second."""
    events: Events = [b.session()]
    for number, (at_s, connection) in enumerate(placed, start=1):
        events += b.placed(connection, number, b.START_S + at_s)
    return events


CASES: dict[str, tuple[list[tuple[float, Events]], int, int]] = {
    # connections, spares, refusals after the handshake
    "alone": ([(0, empty())], 0, 1),
    "during data": ([(0, with_data()), (1, empty())], 1, 0),
    "opened before the data, closed during it": ([(0, empty(open_s=0.9)), (0.5, with_data())], 1, 0),
    "around it": ([(0, empty(open_s=0.9)), (0.5, with_data(until_s=0.1))], 1, 0),
    "before it": ([(0, empty()), (1, with_data())], 0, 1),
    "after it": ([(0, with_data(until_s=1.0)), (2, empty())], 0, 1),
    "beside another client's data": ([(0, with_data(client=2)), (1, empty(client=1))], 0, 1),
    "beside another host's data": ([(0, with_data(host="other.example.com")), (1, empty())], 0, 1),
    "beside another stack's data": ([(0, with_data(stack=FLUTTER)), (1, empty())], 0, 1),
    "two of four, as a browser does": ([(0, with_data()), (0, with_data()), (0, empty()), (0, empty(0.9))], 2, 0),
    "beside a relayed neighbour of an app that accepts": (
        [(0, with_data(until_s=0.1)), (10, relayed()), (11, empty())],
        1,
        0,
    ),
    "beside a relayed neighbour of an app that never accepts": ([(10, relayed()), (11, empty())], 0, 1),
    "beside a relayed neighbour that failed": (
        [(0, with_data(until_s=0.1)), (10, [*b.relayed_failed()[:-1], closed(5.0)]), (11, empty())],
        0,
        1,
    ),
    "an alert is no spare": ([(0, with_data()), (1, b.alert_after_handshake())], 0, 1),
}


@pytest.mark.parametrize(("connections", "spares", "refusals"), CASES.values(), ids=CASES.keys())
def test_spares(connections: list[tuple[float, Events]], spares: int, refusals: int) -> None:
    for order in permutations(connections):
        stack = stack_in(at(*order))
        assert (stack.spares, stack.refusals_after_handshake) == (spares, refusals)


def test_data_that_is_still_open_excuses_what_closes_meanwhile() -> None:
    endless = with_data()[:-1]
    stack = stack_in([*at((0, endless)), *b.placed(empty(), 2, b.START_S + 100)])
    assert (stack.spares, stack.refusals) == (1, 0)


def test_more_empties_than_are_kept_one_by_one() -> None:
    many = EMPTIES_KEPT + 40
    events = at((0, with_data(until_s=1e6)), *[(10.0 + number, empty()) for number in range(many)])
    stack = stack_in(events)
    assert stack.count("trusted_ca", Outcome.CLOSED_WITHOUT_DATA) == many
    assert len(stack.empties) == EMPTIES_KEPT
    assert (stack.spares, stack.refusals) == (many, 0)
