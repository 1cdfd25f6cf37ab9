"""A file that cannot be written for a while: told when that begins and when it is over, in the log and in the report."""

import logging
import os
from collections.abc import Callable
from pathlib import Path

from pinprobe.events import UNWRITTEN, WRITTEN_AGAIN, ToolFailed
from pinprobe.mitm.clock import now_s
from pinprobe.report.times import iso

Say = Callable[[int, str], None]
"""Logs a line at a level, in the proxy's own thread."""
Note = Callable[[ToolFailed], None]
"""Takes a fact of our own, which goes the way of all facts, so that a rebuilt report says it too."""

TOLD = 20
"""Times that the same file's trouble is told: a disk that is full now and then for days fills no log."""


class Trouble:
    """One file's. Its words are about the file alone: the path is for the log, as reports go to other people."""

    def __init__(self, what: str, path: Path, meanwhile: str, say: Say, note: Note) -> None:
        """`what` it is in a sentence, such as "the journal"; `meanwhile`: what becomes of what should be in it."""
        self._what = what
        self._path = path
        self._meanwhile = meanwhile
        self._say = say
        self._note = note
        self._times = 0
        self._lasts = False

    @property
    def lasts(self) -> bool:
        """It cannot be written now."""
        return self._lasts

    def refused(self, error: OSError) -> None:
        """It cannot be written."""
        if not self._lasts:
            self._lasts = True
            self._times += 1
            cause = _cause(error)
            self._tell(
                UNWRITTEN,
                f"cannot write {self._path}: {cause}. The proxy goes on; {self._meanwhile}",
                f"{self._what} could not be written since {iso(now_s())} ({cause}); {self._meanwhile}",
            )

    def passed(self, lost: str = "nothing is missing") -> None:
        """It was written; `lost` says what of it was not."""
        if self._lasts:
            self._lasts = False
            self._tell(
                WRITTEN_AGAIN,
                f"writing {self._path} again: {lost}",
                f"{self._what} is written again since {iso(now_s())}: {lost}",
            )

    def mended(self) -> None:
        """It was taken away, and is there again as a whole."""
        self._times += 1
        self._tell(
            WRITTEN_AGAIN,
            f"{self._path} was taken away, and is written anew: nothing is missing",
            f"{self._what} was taken away, and written anew at {iso(now_s())}: nothing is missing",
        )

    def _tell(self, where: str, logged: str, noted: str) -> None:
        if self._times <= TOLD:
            self._say(logging.WARNING, f"pinprobe: {logged}.")
            self._note(ToolFailed(at_s=now_s(), where=where, error=noted[:1].upper() + noted[1:]))


def _cause(error: OSError) -> str:
    return os.strerror(error.errno) if error.errno is not None else type(error).__name__
