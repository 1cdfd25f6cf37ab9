"""How far a command is, on standard error, where it takes long enough to wonder."""

import sys
import time
from collections.abc import Callable
from types import TracebackType
from typing import TextIO

QUIET_S = 2.0
"""Nothing is said of what takes less."""
TERMINAL_EVERY_S = 0.2
ELSEWHERE_EVERY_S = 5.0
"""Where lines cannot be written over, as in a log of CI."""


class Progress:
    """Use it as a context: what it wrote on a terminal is gone at the end."""

    def __init__(self, doing: str, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        """`stream`: default standard error. `clock`: seconds, from any moment on."""
        self._doing = doing
        self._stream = sys.stderr if stream is None else stream
        self._clock = clock
        self._terminal = self._stream.isatty()
        self._next_s = clock() + QUIET_S
        self._width = 0

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._terminal and self._width:
            self._stream.write("\r" + " " * self._width + "\r")
            self._stream.flush()

    def tell(self, done: int, total: int) -> None:
        """How much of the whole is done, in any unit."""
        now_s = self._clock()
        if now_s < self._next_s:
            return
        self._next_s = now_s + (TERMINAL_EVERY_S if self._terminal else ELSEWHERE_EVERY_S)
        share = min(1.0, done / total) if total else 1.0
        line = f"{self._doing}: {share:.0%}"
        self._width = len(line)
        self._stream.write(f"\r{line}" if self._terminal else f"{line}\n")
        self._stream.flush()
