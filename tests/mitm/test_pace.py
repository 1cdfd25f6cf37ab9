"""How often rounds may be done: never too soon, soon where the process has time to spare, rarely where it has none."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from pinprobe.mitm import pace as pace_module
from pinprobe.mitm.pace import BUSY_FACTOR, IDLE_AFTER_S, IDLE_FACTOR, IDLE_SHARE, Pace


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


def waited(pace: Pace, clocks: Clocks, seconds: float, *, busy: bool, size: int = 1) -> bool:
    """Whether it is due after that time, in which it was asked about a few times a second."""
    due = False
    for _ in range(int(seconds / 0.25)):
        clocks.go_on(0.25, busy=busy)
        due = pace.due(size)
    return due


def test_the_first_round_is_due_at_once(clocks: Clocks) -> None:
    assert wanted(3.0).due()


def test_what_is_not_wanted_is_not_due() -> None:
    assert not Pace(0.0).due()


def test_a_quiet_hour_earns_nothing_for_what_comes_after_it(clocks: Clocks) -> None:
    """A burst is not the time for a large report."""
    pace = Pace(3.0)
    one_round(pace, clocks, 1.0)
    with pace:
        clocks.mine_s += 1.0
    clocks.go_on(3600, busy=False)
    pace.want()
    assert not waited(pace, clocks, IDLE_AFTER_S + IDLE_FACTOR - 1, busy=False)
    assert waited(pace, clocks, 2.0, busy=False)


def test_idle_and_busy_time_add_up(clocks: Clocks) -> None:
    pace = Pace(3.0)
    one_round(pace, clocks, 1.0)
    assert not waited(pace, clocks, BUSY_FACTOR / 2, busy=True)
    assert not waited(pace, clocks, IDLE_AFTER_S + IDLE_FACTOR / 2 - 1, busy=False)
    assert waited(pace, clocks, 2.0, busy=False)


def test_a_pause_is_no_idleness(clocks: Clocks) -> None:
    pace = Pace(3.0)
    one_round(pace, clocks, 1.0)
    for _ in range(2 * IDLE_FACTOR):
        assert not waited(pace, clocks, IDLE_AFTER_S, busy=False)
        assert not waited(pace, clocks, 0.25, busy=True)


def test_a_proxy_that_works_part_of_the_time_has_none_to_spare(clocks: Clocks) -> None:
    """It waits for clients, servers or a processor, and a round would keep it from what it has to do then."""
    pace = Pace(3.0)
    one_round(pace, clocks, 1.0)
    for _ in range(5 * IDLE_FACTOR):
        clocks.go_on((IDLE_SHARE + 0.05), busy=True)
        clocks.go_on(1 - (IDLE_SHARE + 0.05), busy=False)
        assert not pace.due()


def test_what_is_about_more_is_expected_to_cost_more(clocks: Clocks) -> None:
    pace = Pace(0.0)
    assert pace.due(10) is False
    pace.want()
    assert pace.due(10)
    one_round(pace, clocks, 0.1)
    assert not waited(pace, clocks, IDLE_AFTER_S + IDLE_FACTOR * 0.2 - 0.5, busy=False, size=20)
    assert pace.due(10)
    assert waited(pace, clocks, 1.0, busy=False, size=20)


def test_an_instant_says_nothing(clocks: Clocks) -> None:
    """Whoever is woken and asks again has just used all of the time that passed."""
    pace = Pace(3.0)
    one_round(pace, clocks, 0.5)
    for _ in range(40):
        clocks.go_on(0.25, busy=False)
        pace.due()
        clocks.go_on(0.002, busy=True)
        pace.due()
    assert pace.due()


def test_cheap_rounds_keep_their_shortest_time(clocks: Clocks) -> None:
    pace = Pace(3.0)
    one_round(pace, clocks, 0.001)
    assert not pace.due()
    clocks.go_on(3.0, busy=True)
    assert pace.due()


@pytest.mark.parametrize(("busy", "factor"), [(False, IDLE_AFTER_S + IDLE_FACTOR), (True, BUSY_FACTOR)])
def test_dear_rounds_are_rare_and_rarer_where_the_proxy_has_much_to_do(
    clocks: Clocks, busy: bool, factor: float
) -> None:
    pace = Pace(3.0)
    one_round(pace, clocks, 1.0)
    assert not waited(pace, clocks, factor - 1, busy=busy)
    assert waited(pace, clocks, 2.0, busy=busy)


def test_a_round_that_fails_has_a_cost_as_well(clocks: Clocks) -> None:
    pace = Pace(0.1)
    with pytest.raises(OSError, match="full"), pace:
        clocks.go_on(1.0, busy=True)
        clocks.mine_s += 1.0
        raise OSError("full")
    pace.want()
    assert not waited(pace, clocks, IDLE_FACTOR, busy=False)


def test_the_real_clocks_are_read() -> None:
    pace = wanted(0.0)
    assert pace.due()
    with pace:
        sum(range(200_000))
    pace.want()
    assert not pace.due()
