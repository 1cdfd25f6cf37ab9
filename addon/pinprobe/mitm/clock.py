"""The clock: read here and nowhere else, so that everything later works on times as data.

Somebody may set the machine's clock while a session runs, or a virtual machine wake up and correct it. Durations and
windows would then be absurd, so a session takes the time once, at its start, and counts on by a clock that nobody sets.
"""

import time

_UNSET = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))
"""A clock that nobody sets, and that goes on while the machine sleeps, where the system has one."""


def _unset_s() -> float:
    return time.monotonic() if _UNSET is None else time.clock_gettime(_UNSET)


class Clock:
    """Unix time as of when it was set by the machine's clock, and counted on since."""

    def __init__(self) -> None:
        self.set()

    def set(self) -> None:
        """By the machine's clock, as it is now."""
        self._ahead_s = time.time() - _unset_s()

    def now_s(self) -> float:
        """Unix seconds, as precise as a journal keeps them."""
        return round(_unset_s() + self._ahead_s, 6)

    def moved_s(self) -> float:
        """How far the machine's clock was moved since: forward is positive."""
        return time.time() - self.now_s()


CLOCK = Clock()
"""Of the session that runs."""
now_s = CLOCK.now_s
