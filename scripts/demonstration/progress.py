"""What happens, line by line, with the seconds since the start."""

from __future__ import annotations

import re
import sys
import time

_PINPROBE = re.compile(r"pinprobe: (?P<said>.+)")


class Progress:
    """Writes to standard error, so that standard output holds the result alone."""

    def __init__(self) -> None:
        self._started_s = time.monotonic()
        self._shown = 0

    @property
    def elapsed_s(self) -> float:
        return time.monotonic() - self._started_s

    def say(self, text: str) -> None:
        print(f"[{self.elapsed_s:4.0f} s] {text}", file=sys.stderr, flush=True)

    def follow(self, output: str) -> None:
        """Show the lines that pinprobe has added to mitmdump's output since the last call."""
        lines = output[self._shown :].splitlines(keepends=True)
        for line in lines:
            if not line.endswith("\n"):
                break  # half a line: the rest of it comes next time
            self._shown += len(line)
            if said := said_by_pinprobe(line):
                self.say(f"  {said}")


def said_by_pinprobe(line: str) -> str:
    """The text of a line of pinprobe's in mitmdump's output; empty for any other line."""
    found = _PINPROBE.search(line)
    return found["said"].rstrip() if found else ""
