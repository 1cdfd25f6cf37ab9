"""Intervals of time, merged where they touch and bounded in number. Pure."""

from dataclasses import dataclass, field

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
        self.closed = _merged([*self.closed, (start_s, end_s)])

    def overlaps(self, start_s: float, end_s: float) -> bool:
        """True where any interval shares a moment with this one."""
        return any(start <= end_s and start_s <= end for start, end in self.closed) or any(
            start <= end_s for start in self.open.values()
        )


def _merged(intervals: list[tuple[float, float]]) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    while len(merged) > SPANS_KEPT:
        # Bridge the narrowest gap: the least that the union can grow by.
        at = min(range(len(merged) - 1), key=lambda i: merged[i + 1][0] - merged[i][1])
        merged[at : at + 2] = [(merged[at][0], merged[at + 1][1])]
    return merged
