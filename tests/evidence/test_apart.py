"""Moments apart are the islands in which intervals overlap."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pinprobe.evidence.apart import apart


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9)), max_size=12))
def test_an_interval_begins_a_moment_where_none_before_it_still_lasts(drawn: list[tuple[int, int]]) -> None:
    intervals = [(float(start), float(start + length)) for start, length in drawn]
    ordered = sorted(intervals)
    alone = [start for at, (start, _) in enumerate(ordered) if all(end <= start for _, end in ordered[:at])]
    assert apart(intervals) == alone


def test_what_touches_lies_apart() -> None:
    assert apart([(1.0, 2.0), (0.0, 1.0)]) == [0.0, 1.0]
    assert apart([(0.0, 1.5), (1.0, 2.0), (1.9, 3.0)]) == [0.0]
