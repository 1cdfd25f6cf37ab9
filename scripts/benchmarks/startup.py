"""What the addon adds to mitmdump's start, and how long the commands take that people wait for."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.child import took
from benchmarks.process import cpu_s
from benchmarks.stats import estimate
from benchmarks.world import ADDON
from measuring.outcome import Measure, Outcome, Settings
from standin.pki import Pki
from standin.proxy import Proxy, make_ca

EMPTY = Path(__file__).with_name("empty_script.py")
SAMPLE = Path(__file__).parents[2] / "reports" / "sample" / "journal.jsonl"
ROUNDS = {True: 25, False: 7}
GOAL_MS, GOAL_REPORT_S = 150.0, 0.5
Times = tuple[float, float]
"""Seconds by the clock, and of the processor."""


def run(settings: Settings) -> Outcome:
    """Each in turn, so that what disturbs the machine disturbs all."""
    return measure(settings, ROUNDS[settings.long])


def measure(settings: Settings, rounds: int) -> Outcome:
    """The same for any number of rounds."""
    pki, confdir = Pki(settings.folder / "pki"), settings.folder / "confdir"
    make_ca(confdir)

    def start(script: Path, **options: str) -> Callable[[], Times]:
        def timed() -> Times:
            proxy = Proxy(confdir=confdir, trust=pki.root.chain_path, hosts={}, scripts=[script], options=options)
            began_s = time.monotonic()
            with proxy:
                return time.monotonic() - began_s, cpu_s(proxy.pid)

        return timed

    def command(*arguments: str) -> Callable[[], Times]:
        def timed() -> Times:
            used = took([sys.executable, *arguments])
            return used.seconds, used.cpu_s

        return timed

    parts: dict[str, Callable[[], Times]] = {
        "mitmdump listens, with an empty script": start(EMPTY),
        "mitmdump listens, with pinprobe": start(ADDON, pinprobe_reports=str(settings.folder / "reports")),
        "python, nothing else": command("-c", "pass"),
        "pinprobe --help": command("-m", "pinprobe", "--help"),
        "pinprobe report of the sample": command(
            "-m", "pinprobe", "report", str(SAMPLE), "--out", str(settings.folder / "out")
        ),
    }
    found: dict[str, list[Times]] = {name: [] for name in parts}
    for number in range(rounds + 1):
        settings.say(f"round {number} of {rounds}" if number else "warming up: files are read, bytecode is made")
        for name, timed in parts.items():
            times = timed()
            if number:
                found[name].append(times)
    empty, ours, *_ = found.values()
    found["pinprobe adds to mitmdump"] = [
        (ours_s - empty_s, ours_cpu_s - empty_cpu_s)
        for (ours_s, ours_cpu_s), (empty_s, empty_cpu_s) in zip(ours, empty, strict=True)
    ]
    return Outcome(
        headers=("from the start until", "median, ms", "from", "to", "processor, ms", "from", "to"),
        rows=tuple(
            (name, *(f"{value * 1000:.0f}" for times in zip(*both, strict=True) for value in _interval(times)))
            for name, both in found.items()
        ),
        notes=(
            f"{rounds} rounds, each part once a round; the interval is that of the median, 95 of 100. Goals: the addon "
            f"adds at most {GOAL_MS:.0f} ms, and the sample's report takes less than {GOAL_REPORT_S} s.",
        ),
    )


def _interval(seconds: tuple[float, ...]) -> tuple[float, float, float]:
    of = estimate(seconds)
    return of.median, of.low, of.high


STARTUP = Measure(
    name="start-up", about="what pinprobe adds to mitmdump's start, and how long its commands take", run=run
)
