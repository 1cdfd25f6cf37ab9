"""Ctrl-C and its like: they end what is being done, but never the putting back."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = tuple(
    number for name in ("SIGINT", "SIGTERM", "SIGHUP") if (number := getattr(signal, name, None)) is not None
)


class Stopped(BaseException):
    """A signal asked for the end."""


class Interrupts:
    """The first signal becomes `Stopped`, raised at once, or, under a shield, by `check`. Later ones are told to wait."""

    def __init__(self) -> None:
        self._shields = 0
        self._asked = False
        self.said = False
        """Whether a signal came while a shield was up."""

    @contextmanager
    def heeded(self) -> Iterator[None]:
        """Inside, signals are heeded; after, they mean what they did before."""
        before = {number: signal.signal(number, self._came) for number in SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def shielded(self) -> Iterator[None]:
        """Inside, signals wait. They are not raised at its end: what is shielded is an end already."""
        self._shields += 1
        try:
            yield
        finally:
            self._shields -= 1

    def check(self) -> None:
        """Raise `Stopped` if a signal came meanwhile."""
        if self._asked:
            raise Stopped

    def _came(self, number: int, frame: FrameType | None) -> None:
        first, self._asked = not self._asked, True
        if self._shields == 0 and first:
            raise Stopped
        # Once only: whoever presses Ctrl-C again must not cut off what the first one began.
        if not self.said:
            self.said = True
            print("pinprobe: the device is being put back; that must not be cut off", flush=True)
