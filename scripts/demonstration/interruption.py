"""Ctrl-C: noted at once, heeded between two steps, so that nothing is left half started."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stopped(Exception):
    """Somebody asked for the end."""


class Interruption:
    """SIGINT, SIGTERM and SIGHUP as a flag. The second one says no more than the first: ending takes seconds."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) != signal.SIG_IGN:  # nohup, or a shell's background job
                signal.signal(number, self._note)

    @property
    def asked(self) -> bool:
        return self._asked.is_set()

    def heed(self) -> None:
        """Raise `Stopped` if the end was asked for."""
        if self.asked:
            raise Stopped

    def wait(self, seconds: float) -> None:
        """Sleep, but not through a request to stop."""
        self._asked.wait(seconds)
        self.heed()

    def _note(self, number: int, frame: FrameType | None) -> None:
        self._asked.set()


@contextmanager
def shielded_children() -> Iterator[None]:
    """Processes started within never see the terminal's Ctrl-C: we end them, in order, and nobody prints a traceback."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def children_remain() -> bool:
    """Whether any process that we started is still there; ended ones are collected."""
    try:
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass
    except ChildProcessError:
        return False
    return True
