"""Asks a device's socket table beside the proxy, which never waits: one thread, one reading for all that ask meanwhile.

A connection that a reading shows is answered; one that it does not show is only said to be absent where it was opened
before the reading began. It is asked for as soon as a connection is opened, which is earlier than its ClientHello.
"""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from pinprobe.attribution.client import plain_address
from pinprobe.attribution.packages import packages_of, read_packages
from pinprobe.attribution.socket_table import Match, Row, addresses_in, app_of, owner, past, read_table
from pinprobe.attribution.source import NOBODY, Address
from pinprobe.mishap import words_of

GAP_S = 0.02
"""Shortest time between the beginnings of two readings: a refused connection lives no longer than a few of them."""
PACKAGES_EVERY_S = 30.0
"""Shortest time between two readings of the packages, which change when an app is installed."""
WAITING = 4096
"""Connections that may wait for an answer."""
ERROR_KEPT = 200
"""Characters of an error's text."""


class ReadError(Exception):
    """The device could not be asked; the text says why, without its serial."""


class TableReader(Protocol):
    """Where the tables come from: adb, or in tests another network namespace."""

    def sockets(self) -> str:
        """The kernel's tables of TCP sockets, one after the other. Raises `ReadError`."""

    def packages(self) -> str:
        """What `pm list packages -U` prints. Raises `ReadError`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A connection whose app is asked for."""

    connection_id: int
    client: Address
    reached: Address
    told: bool = False
    """The client was told of the proxy: what is connected to others at the same time goes past it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of a question; `match` is None where the device could not be asked, and `error` says why."""

    connection_id: int
    match: Match | None
    app_id: str = NOBODY
    error: str = ""


class Poller:
    """Answers questions in its own thread, where `tell` is called."""

    def __init__(self, reader: TableReader, tell: Callable[[Answer], None]) -> None:
        self._reader = reader
        self._tell = tell
        self._waiting: list[Question] = []
        self._condition = threading.Condition()
        self._stopping = False
        self._packages: dict[int, tuple[str, ...]] = {}
        self._next_packages = 0.0
        self._own: frozenset[str] = frozenset()
        self.around: dict[str, int] = {}
        """By app: its sockets that go past the proxy."""
        self._around: set[tuple[Address, Address]] = set()
        self._thread = threading.Thread(target=self._run, name="pinprobe-sockets", daemon=True)
        self._thread.start()

    def ask(self, question: Question) -> bool:
        """Hand over a question; returns at once. False where too many wait: it will get no answer."""
        with self._condition:
            if self._stopping or len(self._waiting) >= WAITING:
                return False
            self._waiting.append(question)
            self._condition.notify()
        return True

    def stop(self, timeout_s: float = 1.0) -> None:
        """Answer what waits, and no more. A reading that hangs is left behind."""
        with self._condition:
            self._stopping = True
            self._condition.notify()
        self._thread.join(timeout_s)

    def _run(self) -> None:
        with suppress(Exception):  # it will be said when a connection asks
            self._learn_packages(set())
        while True:
            with self._condition:
                while not self._waiting and not self._stopping:
                    self._condition.wait()
                asked, self._waiting = self._waiting, []
                stopping = self._stopping
            began = time.monotonic()
            if asked:
                self._answer(asked)
            if stopping:
                return
            time.sleep(max(0.0, GAP_S - (time.monotonic() - began)))

    def _answer(self, asked: list[Question]) -> None:
        try:
            rows = read_table(self._reader.sockets())
            # Kept: a device that has just closed its only connection is still the same one.
            self._own |= addresses_in(rows)
            owners = {one.connection_id: owner(rows, self._own, one.client, one.reached) for one in asked}
            self._learn_packages({uid for uid in owners.values() if isinstance(uid, int)})
        except Exception as error:
            for question in asked:
                self._tell(Answer(connection_id=question.connection_id, match=None, error=_words(error)))
            return
        for connection_id, found in owners.items():
            self._say(connection_id, found)
        if all(one.told for one in asked):
            self._look_around(rows, {plain_address(one.reached[0]) for one in asked})
        self._answer_early(rows)

    def _look_around(self, rows: list[Row], proxy: set[str]) -> None:
        for row in past(rows, proxy):
            socket = (row.local, row.remote)
            what, app_id = app_of(row.uid or 0, self._packages)
            if what is Match.NAMED and socket not in self._around and len(self._around) < WAITING:
                self._around.add(socket)
                self.around = {**self.around, app_id: self.around.get(app_id, 0) + 1}

    def _answer_early(self, rows: list[Row]) -> None:
        """What was opened while the device was read: it may be gone at the next reading."""
        with self._condition:
            waiting, self._waiting = self._waiting, []
        still = []
        for question in waiting:
            found = owner(rows, self._own, question.client, question.reached)
            if isinstance(found, int) and packages_of(found, self._packages):
                self._say(question.connection_id, found)
            else:
                still.append(question)
        with self._condition:
            self._waiting[:0] = still

    def _say(self, connection_id: int, found: int | Match) -> None:
        what, app_id = app_of(found, self._packages) if isinstance(found, int) else (found, NOBODY)
        self._tell(Answer(connection_id=connection_id, match=what, app_id=app_id))

    def _learn_packages(self, uids: set[int]) -> None:
        """Anew where a user id is not known: an app may have been installed."""
        unknown = not self._packages or any(not packages_of(uid, self._packages) for uid in uids)
        if unknown and time.monotonic() >= self._next_packages:
            self._packages = read_packages(self._reader.packages())
            self._next_packages = time.monotonic() + PACKAGES_EVERY_S


def _words(error: Exception) -> str:
    """Whatever it is: the proxy goes on, and the report says why no app is named."""
    return str(error)[:ERROR_KEPT] if isinstance(error, ReadError) else words_of(error)
