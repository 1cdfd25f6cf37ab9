"""Intervals: what overlaps is decided from their union, in bounded memory, in any order of arrival."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinprobe.evidence.spans import Spans
from pinprobe.thresholds import SPANS_KEPT

INTERVALS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)).map(lambda at: (at[0], at[0] + at[1])))
WINDOW = st.tuples(st.integers(-5, 90), st.integers(0, 20)).map(lambda at: (at[0], at[0] + at[1]))


def spans_of(intervals: list[tuple[int, int]]) -> Spans:
    spans = Spans()
    for number, (start, end) in enumerate(intervals):
        spans.add(number, start, end)
    return spans


@given(INTERVALS, WINDOW)
def test_overlap_is_the_one_of_any_interval(intervals: list[tuple[int, int]], window: tuple[int, int]) -> None:
    expected = any(start <= window[1] and window[0] <= end for start, end in intervals)
    assert spans_of(intervals).overlaps(*window) is expected


@given(INTERVALS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_is_nothing(intervals: list[tuple[int, int]], chance: random.Random) -> None:
    shuffled = list(intervals)
    chance.shuffle(shuffled)
    assert spans_of(shuffled).closed == spans_of(intervals).closed


def test_an_open_interval_lasts_until_it_is_closed() -> None:
    spans = Spans()
    spans.add(1, 10.0, None)
    assert spans.overlaps(500.0, 501.0) and spans.overlaps(0.0, 10.0) and not spans.overlaps(0.0, 9.9)
    spans.add(1, 10.0, 20.0)
    assert spans.overlaps(19.0, 25.0) and not spans.overlaps(20.1, 25.0)


def test_closing_one_leaves_the_other_open() -> None:
    spans = Spans()
    spans.add(1, 10.0, None)
    spans.add(2, 12.0, None)
    spans.add(1, 10.0, 11.0)
    assert spans.overlaps(100.0, 100.0)


def test_what_touches_is_one() -> None:
    assert spans_of([(10, 20), (20, 30), (0, 10), (31, 40)]).closed == [(0, 30), (31, 40)]


@pytest.mark.parametrize("narrow", [0, 7, SPANS_KEPT - 1])
def test_beyond_the_bound_the_narrowest_gap_is_bridged(narrow: int) -> None:
    """After the interval `narrow` the gap is the smallest, though the next interval is longer than others."""
    length = {narrow: 90, narrow + 1: 60}
    spans = spans_of([(100 * n, 100 * n + length.get(n, 20)) for n in range(SPANS_KEPT + 1)])
    assert len(spans.closed) == SPANS_KEPT
    assert (100 * narrow, 100 * (narrow + 1) + 60) in spans.closed
