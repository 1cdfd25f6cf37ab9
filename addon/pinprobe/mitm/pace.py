"""How often something that is never urgent may be done: as often as leaves the proxy its time."""

import time
from dataclasses import dataclass

IDLE_FACTOR = 10
"""Of the time in which the process has next to nothing to do, a round takes one part in so many ..."""
BUSY_FACTOR = 200
"""... and of all other time: a proxy at its limit is slowed down by a hundredth at most, by rounds of all kinds together."""
IDLE_SHARE, IDLE_AFTER_S = 0.1, 1.0
"""It is idle where it has used no more than such a part of the time, for so long. A proxy that waits for clients, servers or
a processor has no time to spare, and what pauses may go on at any moment."""
MOMENT_S = 0.2
"""So long is looked at together: in a shorter time whatever is done at all is much."""


@dataclass(slots=True)
class Pace:
    """Rounds of one kind, in one thread; their cost is the thread's own processor time."""

    shortest_s: float
    """Between the beginnings of two rounds."""
    _cost_s: float = 0.0
    """Of the last round, for each of what it was about."""
    _size: int = 1
    _at_s: float = float("-inf")
    _wanted: bool = False
    _earned_s: float = 0.0
    """What a round may cost, earned since it was wanted: a burst after a quiet hour is not the time for a large report."""
    _idle_s: float = 0.0
    """For how long it has been idle."""
    _looked_s: float = 0.0
    _looked_used_s: float = 0.0
    """Processor time of the whole process, as of then."""

    def want(self) -> None:
        """There is something for the next round to do."""
        if not self._wanted:
            self._wanted, self._earned_s, self._idle_s = True, 0.0, 0.0
            self._looked_s, self._looked_used_s = time.monotonic(), time.process_time()

    def due(self, size: int = 1) -> bool:
        """Whether the next round is wanted and may begin, if it is about so many. To be asked a few times a second."""
        if not self._wanted:
            return False
        self._size = size
        now_s = time.monotonic()
        if now_s - self._looked_s >= MOMENT_S:
            self._earn(now_s - self._looked_s)
        return now_s - self._at_s >= self.shortest_s and self._earned_s >= self._cost_s * size

    def _earn(self, passed_s: float) -> None:
        used_s = time.process_time() - self._looked_used_s
        self._idle_s = self._idle_s + passed_s if used_s < IDLE_SHARE * passed_s else 0.0
        self._earned_s += passed_s / (IDLE_FACTOR if self._idle_s > IDLE_AFTER_S else BUSY_FACTOR)
        self._looked_s += passed_s
        self._looked_used_s += used_s

    def __enter__(self) -> None:
        """A round begins, in this thread."""
        self._wanted, self._at_s, self._cost_s = False, time.monotonic(), -time.thread_time()

    def __exit__(self, *_: object) -> None:
        """It is over, well or not."""
        self._cost_s = (self._cost_s + time.thread_time()) / max(1, self._size)
