"""Looking through a stream of any length in pieces, so that nothing is missed where two pieces meet. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

BEFORE = 1024
"""Bytes in front of a find that may be looked at."""
AFTER = 16 * 1024
"""Bytes from a find's first one on that may be looked at: more than a certificate takes as text."""


@dataclass(frozen=True, slots=True)
class Window:
    """A piece of the stream. Finds that begin from `start` to before `end` are this window's; around each of them
    stand the bytes that may be looked at, so that what is found does not depend on how the stream was cut."""

    data: bytes
    start: int
    end: int

    def places(self, needle: bytes) -> Iterator[int]:
        """Where the needle begins. It is no longer than what may be looked at."""
        at = self.start
        stop = min(len(self.data), self.end + len(needle) - 1)
        while (at := self.data.find(needle, at, stop)) >= 0:
            yield at
            at += 1

    def holds(self, needle: bytes) -> bool:
        """Whether the needle begins in this window."""
        return next(self.places(needle), None) is not None

    def before(self, at: int) -> bytes:
        """What stands in front of a place, which lies in this window or at most `BEFORE` bytes in front of it."""
        return self.data[max(0, at - BEFORE) : at]

    def after(self, at: int, count: int = AFTER) -> bytes:
        """What stands at a place and behind it."""
        return self.data[at : at + min(count, AFTER)]


def windows(chunks: Iterable[bytes]) -> Iterator[Window]:
    """The stream as windows; one at least, which is empty where the stream is."""
    held, start = b"", 0
    for chunk in chunks:
        held += chunk
        end = len(held) - AFTER
        if end > start:
            yield Window(held, start, end)
            cut = max(0, end - 2 * BEFORE)
            held, start = held[cut:], end - cut
    yield Window(held, start, len(held))


class Looks:
    """How often something costly may still be looked at closely, so that a file made of lookalikes takes no hours."""

    def __init__(self, most: int) -> None:
        self._left = most
        self.exceeded = False

    def one_more(self) -> bool:
        """Whether one more may be taken; counts it."""
        self._left -= 1
        self.exceeded = self.exceeded or self._left < 0
        return not self.exceeded
