"""Which events a journal still takes: all of them until it has grown to its bound, then next to none."""

from pinprobe.events import Event, RecordingStopped, SessionEnded, ToolFailed
from pinprobe.mitm.clock import now_s

MB = 1_000_000
ALWAYS = (RecordingStopped, SessionEnded, ToolFailed)
"""What is taken all the same: few, and what a reader must know."""


class Bound:
    """Recording stops as a whole, as if the session had ended then: a report must not be made of half a connection."""

    def __init__(self, bound_mb: int | None) -> None:
        self.bound_mb = bound_mb
        self._since_s: float | None = None
        self._missing = self._told = 0

    @property
    def reached(self) -> bool:
        """Whether recording has stopped."""
        return self._since_s is not None

    def admitted(self, batch: list[Event], size_bytes: int, *, final: bool) -> list[Event]:
        """What of this batch goes into a journal of this size. What is missing is told when it has doubled, and at the
        end, so that a session that is killed has told most of it."""
        if self.bound_mb is None or (self._since_s is None and size_bytes < self.bound_mb * MB):
            return batch
        taken: list[Event] = [event for event in batch if isinstance(event, ALWAYS)]
        if self._since_s is None:
            if len(taken) == len(batch):
                return batch  # nothing is missing yet
            self._since_s = next(event.at_s for event in batch if not isinstance(event, ALWAYS))
        self._missing += len(batch) - len(taken)
        if self._missing > self._told and (final or self._missing >= 2 * self._told):
            self._told = self._missing
            stopped = RecordingStopped(
                at_s=now_s(), since_s=self._since_s, bound_mb=self.bound_mb, missing=self._missing
            )
            return [stopped, *taken]
        return taken
