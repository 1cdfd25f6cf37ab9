"""The benchmark's arithmetic, and small runs of it. Nothing here asserts a time."""

from __future__ import annotations

import itertools
import math
import os
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import connections, hooks, rounds, traffic
from benchmarks.connections import ARMS, Case
from benchmarks.load import Load
from benchmarks.process import cpu_s, peak_memory_mb
from benchmarks.rounds import Series, Task, Turn, balanced, compare, measure, together
from benchmarks.stats import estimate, paired_ratio
from benchmarks.worker import Worker
from benchmarks.world import BARE, OBSERVE, Arm, World, running

measurements = st.lists(st.floats(min_value=0.1, max_value=1000), min_size=1, max_size=40)
A, B = Arm(name="a"), Arm(name="b")


@settings(max_examples=20)
@given(measurements)
def test_the_interval_holds_the_median(values: list[float]) -> None:
    found = estimate(values)
    assert min(values) <= found.low <= found.median <= found.high <= max(values)
    assert found == estimate(values), "the same measurements give the same interval"


@settings(max_examples=20)
@given(measurements, st.floats(min_value=0.5, max_value=2))
def test_a_steady_ratio_is_found_whatever_the_rounds_were_like(reference: list[float], ratio: float) -> None:
    found = paired_ratio([value * ratio for value in reference], reference)
    assert found.low == pytest.approx(ratio)
    assert found.high == pytest.approx(ratio)


def test_one_value_has_no_interval() -> None:
    assert (str(estimate([1.5])), str(estimate([1.5, 1.5]))) == ("1.500", "1.500 (1.500 to 1.500)")


def test_nothing_measured_is_an_error() -> None:
    with pytest.raises(ValueError, match="nothing was measured"):
        estimate([])


def test_what_a_process_used() -> None:
    before_s = cpu_s(os.getpid())
    until_s = time.process_time() + 0.02
    while time.process_time() < until_s:
        pass
    assert cpu_s(os.getpid()) - before_s >= 0.02
    assert peak_memory_mb(os.getpid()) > 1


@pytest.mark.parametrize("arms", ["ab", "abc", "abcd"])
def test_in_a_round_every_arm_comes_once_in_every_place(arms: str) -> None:
    size, every = len(arms), []
    for number in range(math.factorial(size - 1)):
        turns = list(balanced(arms, number))
        orders = [tuple(turns[at : at + size]) for at in range(0, len(turns), size)]
        assert all(Counter(order[place] for order in orders) == Counter(arms) for place in range(size))
        every += orders
    assert sorted(every) == sorted(itertools.permutations(arms)), "in the end every order was there"


def test_whoever_goes_first_gains_nothing_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "SETTLE_S", 0.0)
    taken: list[Arm] = []
    used = {A: 0.0, B: 0.0}

    def turn(arm: Arm) -> Turn:
        """Every second turn, which is the second of its order, is slower by a half."""
        slower = 1.5 if len(taken) % 2 else 1.0
        taken.append(arm)
        used[arm] += (0.010 if arm == A else 0.015) * slower
        return Turn(amount=5, seconds=(1.0 if arm == A else 2.0) * slower, failed=1)

    task = Task(name="t", arms=(A, B), turn=turn)
    said: list[str] = []
    found = measure([task], 3, 60, used.__getitem__, said.append)["t"]
    assert taken == [A, B, B, A, B, A, A, B, A, B, B, A]
    against = compare(found[B], found[A])
    assert (against.rate.low, against.rate.high) == (0.5, 0.5)
    assert against.cpu.low == pytest.approx(1.5) == against.cpu.high
    assert (found[B].failed, len(said)) == (6, 3)


def test_no_round_begins_after_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "SETTLE_S", 0.0)
    task = Task(name="t", arms=(A, B), turn=lambda arm: Turn(amount=1, seconds=1.0))
    assert len(measure([task], 4, 0.0, lambda arm: 0.0, lambda line: None)["t"][A].rate) == 1


def test_what_was_measured_several_times_is_put_together() -> None:
    one, other = ({"t": {A: Series(rate=[value], cpu_ms=[2.0], failed=1)}} for value in (10.0, 20.0))
    assert together([one, other]) == {"t": {A: Series(rate=[10.0, 20.0], cpu_ms=[2.0, 2.0], failed=2)}}


def test_a_table_has_a_row_for_each_case_and_one_for_all() -> None:
    series = {arm: Series(rate=[10.0, 20.0], cpu_ms=[2.0, 1.0], refused=3) for arm in ARMS}
    found = connections.outcome({"few": series, "many": series})
    assert [row[0] for row in found.rows] == ["few", "many", "all together"]
    assert all(len(row) == len(found.headers) for row in found.rows)
    assert "6 with pinprobe, experiment" in found.notes[1]
    assert not found.wrong


def test_hooks_are_summed_without_the_start_and_apart_from_the_recorder() -> None:
    found = hooks.outcome({"request": [10.0, 30.0], "done": [5000.0], "recorder: journal": [7.0], "never": []}, 2)
    assert [row[0] for row in found.rows] == ["done", "request", "recorder: journal"]
    assert found.notes[0].startswith("20 µs per connection in hooks")
    assert "and 4 µs" in found.notes[0]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with running(tmp_path_factory.mktemp("bench"), (*traffic.DECRYPTED, *traffic.RELAYING), hosts=1) as made:
        yield made


@pytest.mark.live
@pytest.mark.parametrize("new_hosts", [False, True])
def test_every_connection_is_answered(world: World, new_hosts: bool) -> None:
    case = Case(at_once=2, tls="1.2", new_hosts=new_hosts, connections=4)
    with Load(trust=world.trust) as load:
        task = connections.task_of(case, (BARE, OBSERVE), world, load)
        found = measure([task], 1, 60, world.cpu_s, lambda _: None)[case.name]
    assert all((one.refused, one.failed, len(one.rate)) == (0, 0, 1) for one in found.values())


@pytest.mark.live
def test_everything_is_said_on_connections_that_last(world: World) -> None:
    worker = Worker("benchmarks.talk", str(world.trust))
    try:
        for case in traffic.cases(long=False):
            small = traffic.Case(name=case.name, kind=case.kind, arms=case.arms, count=2, size=case.size and 1000)
            turns = [traffic.task_of(small, world, worker).turn(arm) for arm in small.arms for _ in range(2)]
            assert all(turn.amount == 2 and turn.seconds > 0 for turn in turns)
    finally:
        worker.end(kill=False)


@pytest.mark.live
def test_a_proxy_that_ends_on_its_way_is_an_error(world: World) -> None:
    assert world.pid(BARE) > 0
    world.proxies[BARE].stop()
    with pytest.raises(RuntimeError, match="mitmdump alone ended early, exit code 0"):
        world.pid(BARE)
