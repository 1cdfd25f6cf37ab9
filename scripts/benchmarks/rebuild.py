"""How long `pinprobe report` takes over big journals, and in how much memory."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.child import Took, took
from measuring.journals import Written, write_journal
from measuring.outcome import Measure, Outcome, Settings

EVENTS = (10_000, 100_000, 1_000_000)
MOST_EVENTS = 10_000_000
HOSTS = 300
GOAL_S, GOAL_MB = 15.0, 300.0
"""For a million events, on two cores."""


def run(settings: Settings) -> Outcome:
    """At full length up to ten million events."""
    return measure(settings, (*EVENTS, MOST_EVENTS) if settings.long else EVENTS, HOSTS)


def measure(settings: Settings, sizes: tuple[int, ...], hosts: int) -> Outcome:
    """The same for any sizes."""
    rows, each_us, wrong = [], [], []
    for events in sizes:
        settings.say(f"writing a journal of {events} events")
        written = write_journal(settings.folder / "journal.jsonl", seed=settings.seed, hosts=hosts, events=events)
        settings.say(f"rebuilding its report, {written.connections} connections")
        out = settings.folder / "out"
        used = took([sys.executable, "-m", "pinprobe", "report", str(written.path), "--out", str(out)])
        each_us.append(used.cpu_s / events * 1e6)
        rows.append(_row(written, used, out))
        if used.peak_mb > GOAL_MB:
            wrong.append(f"{events} events took {used.peak_mb:.0f} MB: memory must not grow with events")
    return Outcome(
        headers=(
            "events",
            "connections",
            "journal, MB",
            "seconds",
            "processor, s",
            "µs per event",
            "peak, MB",
            "report, MB",
        ),
        rows=tuple(rows),
        notes=(
            f"Over {hosts} hosts. Goal: a million events in {GOAL_S:.0f} s and {GOAL_MB:.0f} MB. The fewest events cost "
            f"{each_us[0] / each_us[-1]:.1f} times as much each as the most: what is left of the start and the page.",
        ),
        wrong=tuple(wrong),
    )


def _row(written: Written, used: Took, out: Path) -> tuple[str, ...]:
    report_mb = sum((out / name).stat().st_size for name in ("report.html", "report.json")) / 1e6
    return (
        str(written.events),
        str(written.connections),
        f"{written.path.stat().st_size / 1e6:.1f}",
        f"{used.seconds:.1f}",
        f"{used.cpu_s:.1f}",
        f"{used.cpu_s / written.events * 1e6:.1f}",
        f"{used.peak_mb:.0f}",
        f"{report_mb:.1f}",
    )


REBUILD = Measure(name="rebuild", about="how long a report takes from a big journal, and in how much memory", run=run)
