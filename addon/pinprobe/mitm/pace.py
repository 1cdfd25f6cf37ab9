"""How often something that is never urgent may be done: as often as leaves the proxy its time."""

import time
from dataclasses import dataclass

SPARE_FACTOR = 40
"""Of the time that the process had to spare since the last round, a round takes one part in so many ..."""
BUSY_FACTOR = 150
"""... or of all time, spare or not: a proxy at its limit is slowed down by less than a hundredth."""

SAVED_S = 1.0
"""Of the time before anything was wanted, so much counts at most: a burst after a quiet hour is not the time for a large
report."""


@dataclass(slots=True)
class Pace:
    """Rounds of one kind, in one thread; their cost is the thread's own processor time."""

    shortest_s: float
    """Between the beginnings of two rounds."""
    _cost_s: float = 0.0
    _at_s: float = float("-inf")
    _used_s: float = 0.0
    """Processor time of the whole process, as of then."""
    _since_s: float | None = None
    """When the next round was first wanted, less what was saved; None where it is not."""
    _since_used_s: float = 0.0

    def want(self) -> None:
        """There is something for the next round to do."""
        if self._since_s is None:
            now_s, self._since_used_s = time.monotonic(), time.process_time()
            spare_s = now_s - self._at_s - (self._since_used_s - self._used_s)
            self._since_s = now_s - max(0.0, min(SAVED_S, spare_s))

    def due(self) -> bool:
        """Whether the next round is wanted and may begin."""
        now_s = time.monotonic()
        if self._since_s is None or now_s - self._at_s < self.shortest_s:
            return False
        passed_s = now_s - self._since_s
        spare_s = passed_s - (time.process_time() - self._since_used_s)
        return spare_s >= SPARE_FACTOR * self._cost_s or passed_s >= BUSY_FACTOR * self._cost_s

    def __enter__(self) -> None:
        """A round begins, in this thread."""
        self._since_s = None
        self._at_s, self._used_s, self._cost_s = time.monotonic(), time.process_time(), -time.thread_time()

    def __exit__(self, *_: object) -> None:
        """It is over, well or not."""
        self._cost_s += time.thread_time()
