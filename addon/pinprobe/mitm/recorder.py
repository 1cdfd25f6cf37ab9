"""The thread that writes the journal, soon and whatever else goes on. The proxy never waits for it."""

import logging
import threading
import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

from pinprobe.events import Event, ToolFailed
from pinprobe.journal import JournalWriter
from pinprobe.mishap import words_of
from pinprobe.mitm.bound import Bound
from pinprobe.mitm.clock import now_s
from pinprobe.mitm.reporting import Reporting, Show
from pinprobe.mitm.trouble import Say, Trouble
from pinprobe.private import make_private
from pinprobe.report.folders import JOURNAL

if TYPE_CHECKING:
    from pinprobe.evidence import Evidence
    from pinprobe.mitm.reporter import Reporter
    from pinprobe.policy import Policy

FLUSH_S = 0.25
"""Longest wait of an event before it is in the journal's file."""
RETRY_S = 2.0
"""Between two tries to write to a disk that refused, and between two looks whether the file is still there."""
LAST_ROUNDS = 2
FAILURES_KEPT = 50
"""Kinds of errors that are told."""


class Recorder:
    """Takes events from the proxy's thread, journals them in its own, and hands them to the reporter's."""

    def __init__(
        self,
        folder: Path,
        reports: Path,
        say: Say,
        *,
        formats: tuple[str, ...] = (),
        policy: "Policy | None" = None,
        show: Show | None = None,
        bound_mb: int | None = None,
    ) -> None:
        """`bound_mb`: millions of bytes that the journal may grow to."""
        self.folder = folder
        self._say = say
        self._waiting: deque[Event] = deque()
        self._stopping = threading.Event()
        self._complaints: set[tuple[str, str]] = set()
        self._journal = JournalWriter(folder / JOURNAL)
        self._bound = Bound(bound_mb)
        waits = "events wait in memory and are written as soon as there is room"
        self._trouble = Trouble("the journal", self._journal.path, waits, say, self.put)
        self._next_try = self._next_look = 0.0

        def made() -> "Reporter":
            from pinprobe.mitm.reporter import Reporter  # not before the proxy listens

            return Reporter(folder, reports, say, self.put, self._complain, formats=formats, policy=policy, show=show)

        self._reporter = Reporting(made, self._complain)
        self._thread = threading.Thread(target=self._run, name="pinprobe-recorder", daemon=True)
        self._thread.start()

    @property
    def at_bound(self) -> bool:
        """Whether the journal takes nothing more."""
        return self._bound.reached

    @property
    def evidence(self) -> "Evidence | None":
        """What was learned; the reporter's own while it runs. None where it could not be loaded."""
        return self._reporter.evidence

    def loaded(self) -> None:
        """Returns when all that reports are made with is loaded."""
        self._reporter.loaded()

    def put(self, event: Event) -> None:
        """Hand over an event; returns at once."""
        self._waiting.append(event)

    def stop(self, timeout_s: float) -> bool:
        """Write everything, the last report included. False where that took too long."""
        self._stopping.set()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        # By the clock and not by the event: waking for each one would cost the proxy a change of threads each time.
        while not self._stopping.wait(FLUSH_S):
            self._take(final=False)
        self._take(final=True)
        self._take(final=True)  # what the last batch itself gave rise to
        self._reporter.finish()
        for _ in range(LAST_ROUNDS):
            if self._waiting:  # what the last report gave rise to: it is made again, with that in it
                self._take(final=True)
                self._reporter.finish_again()
        self._take(final=True)
        if missing := self._journal.waiting:
            self._say(logging.WARNING, f"pinprobe: the last {missing} events are not in {self._journal.path}.")
        self._journal.close()

    def _take(self, *, final: bool) -> None:
        """Journal first, then learn: the same events in the same order, so that a rebuilt report is the same."""
        batch = self._drain()
        try:
            batch = self._held(self._within_bound(batch, final=final))
            self._write(final=final)
        except Exception as error:
            self._complain("writing", error)
        self._reporter.tell(batch, self._journal.sha256)

    def _held(self, batch: list[Event]) -> list[Event]:
        """Without what no memory is left for while the disk is full, and what JSON cannot hold, which would be our own
        bug; nobody learns of either, so that a rebuilt report is the same."""
        try:
            return self._journal.hold(batch)
        except Exception as error:
            if len(batch) == 1:
                self._complain("writing", error)
                return []
        return [event for one in batch for event in self._held([one])]

    def _within_bound(self, batch: list[Event], *, final: bool) -> list[Event]:
        before = self._bound.reached
        batch = self._bound.admitted(batch, self._journal.size_bytes, final=final)
        if self._bound.reached and not before:
            self._say(
                logging.WARNING,
                f"pinprobe: the journal has grown to {self._bound.bound_mb} MB (pinprobe_journal_mb): nothing more is "
                "recorded, and the report is of what came before. The proxy goes on.",
            )
        return batch

    def _drain(self) -> list[Event]:
        batch = []
        while self._waiting:
            batch.append(self._waiting.popleft())
        return batch

    def _write(self, *, final: bool) -> None:
        now = time.monotonic()
        if self._trouble.lasts and now < self._next_try and not final:
            return
        try:
            self._journal.flush()
            if self._journal.size_bytes and (final or self._trouble.lasts or now >= self._next_look):
                self._next_look = now + RETRY_S
                self._look_after()
        except OSError as error:
            self._trouble.refused(error)
            self._next_try = time.monotonic() + RETRY_S
            return
        if self._trouble.lasts:
            lost = self._journal.take_dropped()
            self._trouble.passed(f"{lost} events are missing" if lost else "nothing is missing")

    def _look_after(self) -> None:
        """Somebody may have removed the folder: what is written would be gone with the process."""
        if self._journal.taken_away():
            make_private(self.folder)
            self._journal.write_anew()
            self._trouble.mended()
            self._reporter.write_anew()

    def _complain(self, where: str, error: Exception) -> None:
        """Our own bug: said once per kind, and a notice in the report."""
        kind = where, words_of(error)
        if kind in self._complaints or len(self._complaints) >= FAILURES_KEPT:
            return
        self._complaints.add(kind)
        self._say(logging.WARNING, f"pinprobe: {where} failed: {kind[1]}. The proxy goes on.")
        self.put(ToolFailed(at_s=now_s(), where=where, error=kind[1]))
