"""Intervals of time, merged where they touch and bounded in number. Pure."""

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import pairwise

from pinprobe.thresholds import SPANS_KEPT


@dataclass(slots=True)
class Spans:
    """When something was going on: closed intervals, and those that are still open."""

    closed: list[tuple[float, float]] = field(default_factory=list)
    open: dict[int, float] = field(default_factory=dict)
    """Start by connection."""

    def add(self, connection_id: int, start_s: float, end_s: float | None) -> None:
        """Note an interval; without an end it lasts until the same connection is noted with one."""
        if end_s is None:
            self.open[connection_id] = start_s
            return
        self.open.pop(connection_id, None)
        _insert(self.closed, (start_s, end_s))

    def overlaps(self, start_s: float, end_s: float) -> bool:
        """True where any interval shares a moment with this one."""
        return any(start <= end_s and start_s <= end for start, end in self.closed) or any(
            start <= end_s for start in self.open.values()
        )


def _insert(spans: list[tuple[float, float]], new: tuple[float, float]) -> None:
    """Keep them sorted and apart: only the neighbours of the new one can have come to touch."""
    place = bisect_right(spans, new)
    spans.insert(place, new)
    at = max(place - 1, 0)
    while at + 1 < len(spans) and at <= place:
        (start_s, end_s), (next_start_s, next_end_s) = spans[at], spans[at + 1]
        if next_start_s <= end_s:
            spans[at : at + 2] = [(start_s, max(end_s, next_end_s))]
        else:
            at += 1
    if len(spans) > SPANS_KEPT:
        # Bridge the narrowest gap: the least that the union can grow by.
        gaps = [after[0] - before[1] for before, after in pairwise(spans)]
        at = gaps.index(min(gaps))
        spans[at : at + 2] = [(spans[at][0], spans[at + 1][1])]
