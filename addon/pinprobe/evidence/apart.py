"""Moments that lie apart: what overlaps in time has one cause, and counts once. Pure."""

from collections.abc import Iterable


def apart(intervals: Iterable[tuple[float, float]]) -> list[float]:
    """When they began, in order; those that overlap in time count once."""
    moments: list[float] = []
    until_s = float("-inf")
    for start_s, end_s in sorted(intervals):
        if start_s >= until_s:
            moments.append(start_s)
        until_s = max(until_s, end_s)
    return moments
