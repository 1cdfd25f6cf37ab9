"""The thread that writes: journal first, then verdict lines and reports. The proxy never waits for it."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path

from pinprobe.attempts import REFUSALS, RELAY, TRUSTED_CA, Endpoint, Settled
from pinprobe.events import (
    AppDeclared,
    CleartextSeen,
    ClientHelloSeen,
    DatagramSeen,
    Event,
    ExchangeRepeated,
    HostDeclared,
    ToolFailed,
)
from pinprobe.evidence import Evidence
from pinprobe.journal import JournalWriter
from pinprobe.mitm.clock import now_s
from pinprobe.policy import Policy, ruled_when_recorded
from pinprobe.report.attribution import home_of
from pinprobe.report.files import refresh_index, rendered, write_texts
from pinprobe.report.model import build_report
from pinprobe.report.safe_text import NAME_LIMIT, safe_text
from pinprobe.signals import peers_of
from pinprobe.verdicts import Judgement, Verdict, judge

FLUSH_S = 0.25
"""Longest wait of an event before it is in the journal's file."""
JUDGE_S = 1.0
"""Shortest time between two rounds of verdict lines."""
REFRESH_S = 3.0
"""Shortest time between two refreshes of the report."""
IDLE_FACTOR = 20
"""Rounds that take long are made rarer: at least this many times their own duration apart."""
RETRY_S = 2.0
"""Between two tries to write to a disk that refused."""

ERROR_KEPT = 500
"""Characters of an error's text."""
FAILURES_KEPT = 50
"""Kinds of errors that are told."""

Say = Callable[[int, str], None]
"""Logs a line at a level, in the proxy's own thread."""
Show = Callable[[Mapping[str, str]], None]
"""Takes the report as it was just rendered, by the names of its files; called in the recorder's thread."""


class Recorder:
    """Takes events from the proxy's thread; everything slow happens in its own."""

    def __init__(
        self,
        folder: Path,
        reports: Path,
        say: Say,
        *,
        formats: tuple[str, ...] = (),
        policy: Policy | None = None,
        show: Show | None = None,
    ) -> None:
        self.folder = folder
        self._reports = reports
        self._say = say
        self._formats = formats
        self._policy = policy
        self._show = show
        self._waiting: deque[Event] = deque()
        self._stopping = threading.Event()
        self._journal = JournalWriter(folder / "journal.jsonl")
        self.evidence = Evidence()
        self._touched: set[Endpoint] = set()
        self._refusing: set[Endpoint] = set()
        self._decided: dict[Endpoint, tuple[str, str]] = {}
        self._dirty = self._indexed = False
        self._next_judging = self._next_refresh = 0.0
        self._failing_since: float | None = None
        self._next_try = 0.0
        self._thread = threading.Thread(target=self._run, name="pinprobe-recorder", daemon=True)
        self._thread.start()

    def put(self, event: Event) -> None:
        """Hand over an event; returns at once."""
        self._waiting.append(event)

    def stop(self, timeout_s: float) -> bool:
        """Write everything, the last report included. False where that took too long."""
        self._stopping.set()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        running = True
        while running:
            batch, running = self._next_batch()
            self._take(batch, final=not running)
            if not running:
                self._take(self._drain(), final=True)  # what the last batch itself gave rise to
                self.evidence.finish()
            try:
                self._rounds(final=not running)
            except Exception as error:
                self._complain("judging", error)
        self._take(self._drain(), final=True)
        self._journal.close()

    def _take(self, batch: list[Event], *, final: bool) -> None:
        """Journal first, then learn: in the same order, so that a rebuilt report is the same."""
        try:
            self._write(batch, final=final)
        except Exception as error:
            self._complain("writing", error)
        try:
            self._learn(batch)
        except Exception as error:
            self._complain("learning", error)

    def _next_batch(self) -> tuple[list[Event], bool]:
        # By the clock and not by the event: waking for each one would cost the proxy a change of threads each time.
        running = not self._stopping.wait(FLUSH_S)
        return self._drain(), running

    def _drain(self) -> list[Event]:
        batch = []
        while self._waiting:
            batch.append(self._waiting.popleft())
        return batch

    def _write(self, batch: list[Event], *, final: bool) -> None:
        if self._failing_since is not None and time.monotonic() < self._next_try and not final:
            self._journal.hold(batch)
            return
        try:
            self._journal.append(batch)
        except OSError as error:
            if self._failing_since is None:
                self._failing_since = now_s()
                self._say(
                    logging.WARNING,
                    f"pinprobe: cannot write {self._journal.path}: {error.strerror}. The proxy goes on; events wait in "
                    "memory and are written as soon as there is room.",
                )
            self._next_try = time.monotonic() + RETRY_S
            return
        if self._failing_since is not None:
            self._recovered()

    def _recovered(self) -> None:
        since_s, self._failing_since = self._failing_since or 0.0, None
        lost = self._journal.take_dropped()
        seconds = now_s() - since_s
        text = f"the journal could not be written for {seconds:.0f} s; {lost} events were lost"
        self._say(logging.WARNING, f"pinprobe: writing again: {text}.")
        self._note(ToolFailed(at_s=now_s(), where="journal", error=text))

    def _learn(self, batch: list[Event]) -> None:
        for event in batch:
            self._dirty = True
            settled = self.evidence.feed(event)
            if isinstance(event, FOLLOWING):
                self._touched |= self._refusing
            elif isinstance(event, AppDeclared):
                self._touched |= self.evidence.endpoints.keys()
            elif isinstance(event, HostDeclared):
                self._touched.add(Endpoint(app_id=event.app_id, host=event.host, port=443, transport="tcp"))
            if settled is not None:
                self._touch(settled)

    def _touch(self, settled: Settled) -> None:
        endpoint = settled.attempt.endpoint
        self._touched.add(endpoint)
        if settled.attempt.outcome in REFUSALS:
            self._refusing.add(endpoint)
        if settled.attempt.probe_id not in ALONE:
            # A contrast or replay may have made a canary or reference: it speaks for all endpoints of its stack.
            stack = settled.attempt.stack
            self._touched.update(e for e, about in self.evidence.endpoints.items() if stack in about.stacks)

    def _rounds(self, *, final: bool) -> None:
        now = time.monotonic()
        if self._touched and (final or now >= self._next_judging):
            self._say_verdicts()
            self._next_judging = time.monotonic() + max(JUDGE_S, IDLE_FACTOR * (time.monotonic() - now))
        now = time.monotonic()
        if self._dirty and (final or now >= self._next_refresh) and self.evidence.session is not None:
            self._dirty = False
            self._refresh(final=final)
            self._next_refresh = time.monotonic() + max(REFRESH_S, IDLE_FACTOR * (time.monotonic() - now))

    def _say_verdicts(self) -> None:
        peers = peers_of(self.evidence)
        for endpoint in sorted(self._touched & self.evidence.endpoints.keys()):
            judgement = judge(self.evidence, self.evidence.endpoints[endpoint], peers)
            said = (judgement.verdict.value, judgement.confidence.value)
            if judgement.verdict in UNDECIDED or self._decided.get(endpoint) == said:
                continue
            self._decided[endpoint] = said
            self._say(logging.INFO, verdict_line(judgement, home_of(self.evidence)))
        self._touched.clear()

    def _refresh(self, *, final: bool) -> None:
        assert self.evidence.session is not None
        home = home_of(self.evidence)
        report = ruled_when_recorded(self._policy, build_report(self.evidence, home, self._journal.sha256))
        texts = rendered(report, self._formats)
        if self._show is not None:
            # Before it is written: whoever looks on need not care for a full disk.
            try:
                self._show(texts)
            except Exception as error:
                self._complain("live page", error)
        try:
            write_texts(self.folder, texts)
            for other in report.others:
                beside = build_report(self.evidence, other.id, self._journal.sha256)
                write_texts(self.folder / other.folder, rendered(beside, self._formats))
            if final or not self._indexed:
                # At the first report too: a session that is killed is on the list.
                self._indexed = True
                refresh_index(self._reports)
        except OSError as error:
            self._complain("report", error)

    def _complain(self, where: str, error: Exception) -> None:
        """Our own bug or a disk's refusal: said once per kind, and a notice in the report."""
        text = f"{type(error).__name__}: {error}"[:ERROR_KEPT]
        if (where, text) in self.evidence.failures or len(self.evidence.failures) >= FAILURES_KEPT:
            return
        self._say(logging.WARNING, f"pinprobe: {where} failed: {text}. The proxy goes on.")
        self._note(ToolFailed(at_s=now_s(), where=where, error=text))

    def _note(self, event: ToolFailed) -> None:
        """A fact of our own goes the way of all facts, so that a rebuilt report says it too."""
        self._waiting.append(event)


FOLLOWING = (CleartextSeen, ClientHelloSeen, DatagramSeen, ExchangeRepeated)
"""What an app does elsewhere after a refusal is part of the story of the endpoint that refused."""
ALONE = frozenset({TRUSTED_CA, RELAY})
"""Probes whose outcome says nothing about other endpoints."""
UNDECIDED = frozenset({Verdict.INCONCLUSIVE, Verdict.NOT_TESTED})


def verdict_line(judgement: Judgement, home: str = "") -> str:
    """One line of the log: verdict, confidence, host and port, whose it is where that is not the app at `home`, reason."""
    endpoint = judgement.endpoint
    sure = f"{judgement.verdict.value} ({judgement.confidence.value})"
    whose = f" [{safe_text(endpoint.app_id, NAME_LIMIT)}]" if home and endpoint.app_id != home else ""
    return f"pinprobe: {sure:24} {endpoint.host}:{endpoint.port}{whose}  {judgement.reason}"
