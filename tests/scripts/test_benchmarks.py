"""The benchmark's arithmetic, and one small run of it. Nothing here asserts a time."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import throughput
from benchmarks.process import cpu_s, peak_memory_mb
from benchmarks.stats import estimate, paired_ratio
from benchmarks.world import BARE, running

measurements = st.lists(st.floats(min_value=0.1, max_value=1000), min_size=1, max_size=40)


@given(measurements)
def test_the_interval_holds_the_median(values: list[float]) -> None:
    found = estimate(values)
    assert min(values) <= found.low <= found.median <= found.high <= max(values)
    assert found == estimate(values), "the same measurements give the same interval"


@given(measurements, st.floats(min_value=0.5, max_value=2))
def test_a_steady_ratio_is_found_whatever_the_rounds_were_like(reference: list[float], ratio: float) -> None:
    found = paired_ratio([value * ratio for value in reference], reference)
    assert found.low == pytest.approx(ratio)
    assert found.high == pytest.approx(ratio)


def test_nothing_measured_is_an_error() -> None:
    with pytest.raises(ValueError, match="nothing was measured"):
        estimate([])


def test_what_a_process_used() -> None:
    assert cpu_s(os.getpid()) > 0
    assert peak_memory_mb(os.getpid()) > 1


@pytest.mark.live
def test_a_small_run_answers_every_connection(tmp_path: Path) -> None:
    plan = throughput.Plan(connections=6, rounds=2, limit_s=60)
    said: list[str] = []
    (bare,) = throughput.measure(tmp_path, (BARE,), plan, said.append)
    assert (bare.refused, bare.failed) == (0, 0)
    assert bare.per_second.count == 2
    assert any(line.startswith("round 2") for line in said)


@pytest.mark.live
def test_a_proxy_that_ends_on_its_way_is_an_error(tmp_path: Path) -> None:
    with running(tmp_path, (BARE,), hosts=1) as world:
        assert world.pid(BARE) > 0
        world.proxies[BARE].stop()
        with pytest.raises(RuntimeError, match="mitmdump alone ended early, exit code 0"):
            world.pid(BARE)
