"""The thread that learns, judges and writes reports. It takes what the journal has, and never makes the journal wait."""

import logging
import threading
from collections.abc import Sequence
from pathlib import Path
from queue import Empty, SimpleQueue

from pinprobe.attempts import REFUSALS, RELAY, TRUSTED_CA, Endpoint, Outcome, Settled
from pinprobe.events import (
    AppDeclared,
    CleartextSeen,
    ClientHelloSeen,
    DatagramSeen,
    Event,
    ExchangeRepeated,
    HostDeclared,
    RecordingStopped,
)
from pinprobe.evidence import Evidence
from pinprobe.mitm.pace import Pace
from pinprobe.mitm.reporting import Complain, Show
from pinprobe.mitm.trouble import Note, Say, Trouble
from pinprobe.policy import Policy, ruled_when_recorded
from pinprobe.report.attribution import home_of
from pinprobe.report.files import refresh_index, rendered, write_texts
from pinprobe.report.folders import INDEX
from pinprobe.report.model import build_report
from pinprobe.report.safe_text import NAME_LIMIT, safe_text
from pinprobe.signals import peers_of
from pinprobe.verdicts import Judgement, Verdict, judge

WAKE_S = 0.25
"""Longest wait before it is looked whether a round is due that is wanted."""
REST_S = 1.0
"""Longest wait where none is wanted; what is told ends it at once."""
JUDGE_S = 1.0
"""Shortest time between two rounds of verdict lines."""
GROWN_BY = 4
"""An endpoint that only accepts is judged again when there is so much more of it: one part in four."""
REFRESH_S = 3.0
"""Shortest time between two refreshes of the report."""
JUDGING_ALONE, REPORT_ALONE = 10, 50
"""Endpoints that take as long as what a round does beside them. Generous, since the first round takes longest, and how long
it took for one endpoint must not keep a hundred from being told of."""


class Reporter:
    """Fed by the recorder with what it has journalled, in the same order, so that a rebuilt report is the same."""

    def __init__(
        self,
        folder: Path,
        reports: Path,
        say: Say,
        note: Note,
        complain: Complain,
        *,
        formats: tuple[str, ...],
        policy: Policy | None,
        show: Show | None,
    ) -> None:
        self._folder = folder
        self._reports = reports
        self._say = say
        self._complain = complain
        self._formats = formats
        self._policy = policy
        self._show = show
        self.evidence = Evidence()
        self._sha256 = ""
        self._told: SimpleQueue[tuple[Sequence[Event], str] | None] = SimpleQueue()
        self._touched: set[Endpoint] = set()
        self._refusing: set[Endpoint] = set()
        self._decided: dict[Endpoint, tuple[str, str]] = {}
        self._grown: dict[Endpoint, tuple[int, int]] = {}
        """By endpoint that never refused: its usual attempts, and how many of them there are when it is judged again."""
        self._dirty = self._indexed = False
        self._judging, self._refreshing = Pace(JUDGE_S), Pace(REFRESH_S)
        stays = "it stays as it was"
        self._report_trouble = Trouble("the report", folder / "report.html", stays, say, note)
        self._index_trouble = Trouble("the list of reports", reports / INDEX, stays, say, note)
        self._thread = threading.Thread(target=self._run, name="pinprobe-reporter", daemon=True)
        self._thread.start()

    def tell(self, batch: Sequence[Event], sha256: str) -> None:
        """What was journalled, and the digest of the journal with it; returns at once."""
        self._told.put((batch, sha256))

    def write_anew(self) -> None:
        """The session's folder was taken away: the next round writes everything, the list too."""
        self._indexed = False

    def finish(self) -> None:
        """That was all: returns when the last report is written."""
        self._told.put(None)
        self._thread.join()

    def finish_again(self) -> None:
        """A little more was told after `finish`: make the last report anew, in the caller's thread."""
        self._told.put(None)
        self._take()
        self._try_rounds(final=True)

    def _run(self) -> None:
        while self._take():
            self._try_rounds(final=False)
        try:
            self.evidence.finish()
        except Exception as error:
            self._complain("learning", error)
        self._try_rounds(final=True)

    def _try_rounds(self, *, final: bool) -> None:
        try:
            self._rounds(final=final)
        except Exception as error:
            self._complain("judging", error)

    def _take(self) -> bool:
        """Learn all that was told; False where it was the last."""
        try:
            told = self._told.get(timeout=WAKE_S if self._touched or self._is_stale else REST_S)
            while told is not None:
                batch, self._sha256 = told
                self._learn(batch)
                told = self._told.get_nowait()
        except Empty:
            return True
        return False

    def _learn(self, batch: Sequence[Event]) -> None:
        for event in batch:
            self._dirty = True
            try:
                self._learn_one(event)
            except Exception as error:
                self._complain("learning", error)

    def _learn_one(self, event: Event) -> None:
        settled = self.evidence.feed(event)
        if isinstance(event, FOLLOWING):
            self._touched |= self._refusing
        elif isinstance(event, AppDeclared | RecordingStopped):
            self._touched |= self.evidence.endpoints.keys()
        elif isinstance(event, HostDeclared):
            self._touched.add(Endpoint(app_id=event.app_id, host=event.host, port=443, transport="tcp"))
        if settled is not None:
            self._touch(settled)

    def _touch(self, settled: Settled) -> None:
        endpoint = settled.attempt.endpoint
        if settled.attempt.outcome in REFUSALS:
            self._refusing.add(endpoint)
        if endpoint in self._refusing or settled.attempt.outcome not in USUAL or self._has_grown(endpoint):
            self._touched.add(endpoint)
        if settled.attempt.probe_id not in ALONE:
            # A contrast or replay may have made a canary or reference: it speaks for all endpoints of its stack.
            stack = settled.attempt.stack
            self._touched.update(e for e, about in self.evidence.endpoints.items() if stack in about.stacks)

    def _has_grown(self, endpoint: Endpoint) -> bool:
        """Whether a quarter more is known than when this was last true: of many accepts one more changes no verdict."""
        if endpoint not in self.evidence.endpoints:
            return False
        said, enough = self._grown.get(endpoint, (0, 0))
        self._grown[endpoint] = (said + 1, enough if said < enough else said + said // GROWN_BY)
        return said >= enough

    def _rounds(self, *, final: bool) -> None:
        if final:
            self._touched |= self._grown.keys()
        if self._touched:
            self._judging.want()
        if self._touched and (final or self._judging.due(JUDGING_ALONE + len(self._touched))):
            with self._judging:
                self._say_verdicts()
        if self._is_stale:
            self._refreshing.want()
        size = REPORT_ALONE + len(self.evidence.endpoints)
        if self._is_stale and (final or self._refreshing.due(size)) and self.evidence.session is not None:
            self._dirty = False
            with self._refreshing:
                self._refresh(final=final)

    @property
    def _is_stale(self) -> bool:
        """Whether the report or the list of reports should be written."""
        return self._dirty or not self._indexed

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
        report = ruled_when_recorded(self._policy, build_report(self.evidence, home_of(self.evidence), self._sha256))
        texts = rendered(report, self._formats)
        if self._show is not None:
            # Before it is written: whoever looks on need not care for a full disk.
            try:
                self._show(texts)
            except Exception as error:
                self._complain("live page", error)
        try:
            write_texts(self._folder, texts)
            for other in report.others:
                beside = build_report(self.evidence, other.id, self._sha256)
                write_texts(self._folder / other.folder, rendered(beside, self._formats))
        except OSError as error:
            self._dirty = True  # tried again at the next round, whether or not anything more is seen
            self._report_trouble.refused(error)
            return
        self._report_trouble.passed()
        if final or not self._indexed:
            # At the first report too: a session that is killed is on the list.
            self._list()

    def _list(self) -> None:
        self._indexed = True
        try:
            refresh_index(self._reports)
        except OSError as error:
            self._indexed = False
            self._index_trouble.refused(error)
        else:
            self._index_trouble.passed()


FOLLOWING = (CleartextSeen, ClientHelloSeen, DatagramSeen, ExchangeRepeated)
"""What an app does elsewhere after a refusal is part of the story of the endpoint that refused."""
USUAL = frozenset({Outcome.DATA_EXCHANGED, Outcome.RELAY_WORKED})
"""How attempts end where nothing is wrong."""
ALONE = frozenset({TRUSTED_CA, RELAY})
"""Probes whose outcome says nothing about other endpoints."""
UNDECIDED = frozenset({Verdict.INCONCLUSIVE, Verdict.NOT_TESTED})


def verdict_line(judgement: Judgement, home: str = "") -> str:
    """One line of the log: verdict, confidence, host and port, whose it is where that is not the app at `home`, reason."""
    endpoint = judgement.endpoint
    sure = f"{judgement.verdict.value} ({judgement.confidence.value})"
    whose = f" [{safe_text(endpoint.app_id, NAME_LIMIT)}]" if home and endpoint.app_id != home else ""
    return f"pinprobe: {sure:24} {endpoint.host}:{endpoint.port}{whose}  {judgement.reason}"
