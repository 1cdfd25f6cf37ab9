"""How often rounds may be done: never too soon, soon where the process has time to spare, rarely where it has none."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from pinprobe.mitm import pace as pace_module
from pinprobe.mitm.pace import BUSY_FACTOR, SAVED_S, SPARE_FACTOR, Pace


@dataclass
class Clocks:
    """The real ones cannot be made to say that a process was busy; these are what is handed to the code under test."""

    passed_s: float = 100.0
    used_s: float = 50.0
    mine_s: float = 10.0

    def monotonic(self) -> float:
        return self.passed_s

    def process_time(self) -> float:
        return self.used_s

    def thread_time(self) -> float:
        return self.mine_s

    def go_on(self, seconds: float, *, busy: bool) -> None:
        self.passed_s += seconds
        self.used_s += seconds if busy else 0.0


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    made = Clocks()
    monkeypatch.setattr(pace_module, "time", made)
    return made


def wanted(shortest_s: float) -> Pace:
    pace = Pace(shortest_s)
    pace.want()
    return pace


def one_round(pace: Pace, clocks: Clocks, cost_s: float) -> None:
    """Something more is wanted as soon as it is over."""
    with pace:
        clocks.go_on(cost_s, busy=True)
        clocks.mine_s += cost_s
    pace.want()


def test_the_first_round_is_due_at_once(clocks: Clocks) -> None:
    assert wanted(3.0).due()


def test_what_is_not_wanted_is_not_due() -> None:
    assert not Pace(0.0).due()


def test_after_a_quiet_hour_a_cheap_round_is_due_at_once_and_a_dear_one_waits_as_ever(clocks: Clocks) -> None:
    for cost_s, at_once in ((0.01, True), (1.0, False)):
        pace = Pace(3.0)
        with pace:
            clocks.mine_s += cost_s
        clocks.go_on(3600, busy=False)
        pace.want()
        assert pace.due() is at_once
        clocks.go_on(SPARE_FACTOR * cost_s - SAVED_S + 0.01, busy=False)
        assert pace.due()


def test_no_more_is_saved_than_there_was(clocks: Clocks) -> None:
    pace = Pace(0.1)
    one_round(pace, clocks, 1.0)
    with pace:
        clocks.go_on(1.0, busy=True)
        clocks.mine_s += 1.0
    clocks.go_on(0.5, busy=False)
    pace.want()
    clocks.go_on(SPARE_FACTOR - 0.6, busy=False)
    assert not pace.due()
    clocks.go_on(0.2, busy=False)
    assert pace.due()


def test_cheap_rounds_keep_their_shortest_time(clocks: Clocks) -> None:
    pace = Pace(3.0)
    one_round(pace, clocks, 0.001)
    assert not pace.due()
    clocks.go_on(3.0, busy=True)
    assert pace.due()


@pytest.mark.parametrize(("busy", "factor"), [(False, SPARE_FACTOR), (True, BUSY_FACTOR)])
def test_dear_rounds_are_rare_and_rarer_where_the_proxy_has_much_to_do(clocks: Clocks, busy: bool, factor: int) -> None:
    pace = Pace(3.0)
    one_round(pace, clocks, 1.0)
    clocks.go_on(factor - 1.5, busy=busy)
    assert not pace.due()
    clocks.go_on(1.6, busy=busy)
    assert pace.due()


def test_a_round_that_fails_has_a_cost_as_well(clocks: Clocks) -> None:
    pace = Pace(0.1)
    with pytest.raises(OSError, match="full"), pace:
        clocks.go_on(1.0, busy=True)
        clocks.mine_s += 1.0
        raise OSError("full")
    pace.want()
    clocks.go_on(SPARE_FACTOR - 2, busy=False)
    assert not pace.due()


def test_the_real_clocks_are_read() -> None:
    pace = wanted(0.0)
    assert pace.due()
    with pace:
        sum(range(200_000))
    pace.want()
    assert not pace.due()
