"""Very many connections through the pipeline from the journal on, in one process: memory must stop growing."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from measuring.outcome import Measure, Outcome, Settings
from pinprobe.events import ConnectionOpened, Event
from pinprobe.evidence import Evidence
from pinprobe.journal import JournalReader
from pinprobe.report import html
from pinprobe.report.files import write_reports
from pinprobe.report.model import build_report
from stressing.memory import resident_mb, slope

CONNECTIONS = {True: 1_000_000, False: 20_000}
HOSTS = {True: 1_000, False: 40}
LOOKS = 40
"""How often memory is looked at on the way."""
WARM_UP = 0.7
"""What is kept of each endpoint and stack is bounded at some hundreds: until they are reached memory grows."""
PER = 100_000
GROWS_MB = 10.0
"""More than that per so many connections after the warm-up, at full length: something grows with connections."""
MOST_MB = 600.0
SHELL_BYTES = 200_000
"""What the page may have beside the evidence and the rows, generously."""
ROW_BYTES = 3_000


@dataclass(slots=True, kw_only=True)
class Curve:
    """Memory by number of connections."""

    points: list[tuple[float, float]] = field(default_factory=list)

    def growth_mb(self) -> float:
        """Per PER connections, after the warm-up."""
        return PER * slope(self.points[int(len(self.points) * WARM_UP) :])


def run(settings: Settings) -> Outcome:
    """At full length a million connections to a thousand hosts."""
    return soak(settings, connections=CONNECTIONS[settings.long], hosts=HOSTS[settings.long])


def soak(settings: Settings, *, connections: int, hosts: int) -> Outcome:
    """The same at any size."""
    journal = settings.folder / "journal.jsonl"
    settings.say(f"writing a journal of {connections} connections to {hosts} hosts")
    _write(journal, connections, hosts, settings.seed)
    curve, evidence, events = Curve(), Evidence(), 0
    began_s, reader = time.process_time(), JournalReader(journal)
    for event, opened in _counted(reader):
        evidence.feed(event)
        events += 1
        if isinstance(event, ConnectionOpened) and opened % max(1, connections // LOOKS) == 0:
            curve.points.append((opened, resident_mb(os.getpid())))
            settings.say(f"{opened} of {connections} connections: {curve.points[-1][1]:.1f} MB")
    evidence.finish()
    fed_s = time.process_time() - began_s
    assert evidence.session is not None
    report = build_report(evidence, evidence.session.app_id or "", reader.sha256)
    page, data = write_reports(settings.folder / "out", report)
    reported_s, growth_mb = time.process_time() - began_s - fed_s, curve.growth_mb()
    most_mb = max(mb for _, mb in curve.points)
    page_bytes = page.stat().st_size
    page_most = SHELL_BYTES + ROW_BYTES * len(report.endpoints) + html.EVIDENCE_BYTES
    wrong = []
    if settings.long and growth_mb > GROWS_MB:
        wrong.append(f"memory grows by {growth_mb:.1f} MB per {PER} connections, after the warm-up")
    if most_mb > MOST_MB:
        wrong.append(f"{most_mb:.0f} MB were in use")
    if page_bytes > page_most:
        wrong.append(f"the page has {page_bytes} bytes, more than {page_most}")
    return Outcome(
        headers=("connections", "resident, MB"),
        rows=tuple((f"{opened:.0f}", f"{mb:.1f}") for opened, mb in curve.points[:: max(1, LOOKS // 10)]),
        notes=(
            f"{connections} connections to {hosts} hosts, {events} events, a journal of "
            f"{journal.stat().st_size / 1e6:.0f} MB, read and learned in {fed_s:.1f} s of the processor; at most "
            f"{most_mb:.0f} MB.",
            f"After the first {WARM_UP:.0%}: {growth_mb:+.2f} MB per {PER} connections (bound: {GROWS_MB:.0f}).",
            f"The report of {len(report.endpoints)} endpoints: {page_bytes / 1e6:.1f} MB of page, "
            f"{data.stat().st_size / 1e6:.1f} MB of JSON, in {reported_s:.1f} s of the processor.",
        ),
        wrong=tuple(wrong),
    )


def _counted(reader: JournalReader) -> Iterator[tuple[Event, int]]:
    """Events, each with how many connections were opened until then."""
    opened = 0
    for event in reader:
        opened += isinstance(event, ConnectionOpened)
        yield event, opened


def _write(path: Path, connections: int, hosts: int, seed: int) -> None:
    """In a process of its own, whose memory is not this one's."""
    command = [sys.executable, "-m", "measuring.journals", str(path), "--connections", str(connections)]
    subprocess.run(
        [*command, "--hosts", str(hosts), "--seed", str(seed)],
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


SOAK = Measure(
    name="soak",
    about="Does memory stay flat over a million connections from the journal on, and is the report within its budget?",
    run=run,
)
