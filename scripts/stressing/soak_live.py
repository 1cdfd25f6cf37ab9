"""Many live connections through mitmdump, with and without pinprobe, side by side: memory, verdicts, and the report."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.load import Load
from benchmarks.world import BARE, EXPERIMENT, World, running
from measuring.outcome import Measure, Outcome, Settings
from stressing.memory import resident_mb, slope

HOSTS = {True: 200, False: 60}
CONNECTIONS = {True: 50_000, False: 1_500}
STEP = {True: 1_000, False: 100}
LIMIT_S = {True: 7200.0, False: 75.0}
"""The load ends here at the latest; what was reached is said."""
AT_ONCE = 4
WARM_UP = 0.4
"""The first share of the connections says nothing about growth: hosts are new, certificates are made."""
PER = 10_000
GROWS_MB = 20.0
"""More than mitmdump alone, per so many connections, at full length: then something stays that should not."""
BUDGET_S = 15.0
REPORT = ("report.json", "report.html")
ARMS = (BARE, EXPERIMENT)


@dataclass(slots=True, kw_only=True)
class Curves:
    """Memory by number of connections, for each arm."""

    done: list[int] = field(default_factory=list)
    mb: tuple[list[float], list[float]] = field(default_factory=lambda: ([], []))
    failed: int = 0

    def growth(self, arm: int) -> float:
        """Megabytes per PER connections, after the warm-up."""
        points = list(zip(self.done, self.mb[arm], strict=True))
        return PER * slope(points[int(len(points) * WARM_UP) :])


def run(settings: Settings) -> Outcome:
    """Load both, end them, and look at what was written."""
    return soak(
        settings,
        hosts=HOSTS[settings.long],
        connections=CONNECTIONS[settings.long],
        step=STEP[settings.long],
        limit_s=LIMIT_S[settings.long],
    )


def soak(settings: Settings, *, hosts: int, connections: int, step: int, limit_s: float) -> Outcome:
    """The same at any size."""
    settings.say("starting origins and 2 proxies")
    with running(settings.folder, ARMS, hosts=hosts) as world:
        curves = _load(world, settings, connections, step, limit_s)
        for arm in ARMS:
            world.proxies[arm].stop(timeout_s=120.0)
        output = world.proxies[EXPERIMENT].output
    (session,) = (path.parent for path in (settings.folder / "reports-1").glob("*/*/journal.jsonl"))
    settings.say("rebuilding the report")
    seconds, differ = _rebuild(session, settings.folder / "rebuilt")
    wrong = [*differ, *_wrong_verdicts(session, world.hosts, curves)]
    if "Traceback" in output or "Addon error" in output:
        wrong.append(f"mitmdump's log holds an error: {output[-2000:]}")
    ours, alone = curves.growth(1), curves.growth(0)
    if settings.long and ours > alone + GROWS_MB:
        wrong.append(f"memory grows by {ours:.1f} MB per {PER} connections, {alone:.1f} MB without pinprobe")
    size_mb = (session / "journal.jsonl").stat().st_size / 1e6
    return Outcome(
        headers=("connections", "mitmdump alone, MB", "with pinprobe, MB"),
        rows=_rows(curves),
        notes=(
            f"{curves.done[-1]} connections to {len(world.hosts)} hosts, each way, {curves.failed} of them failed; "
            f"after the first {WARM_UP:.0%}: {alone:+.1f} MB per {PER} connections alone, {ours:+.1f} MB with pinprobe.",
            f"The journal has {size_mb:.1f} MB; `pinprobe report` rebuilt it in {seconds:.1f} s "
            f"(budget {BUDGET_S:.0f} s){'' if differ else ', byte for byte'}.",
        ),
        wrong=tuple(wrong),
    )


def _load(world: World, settings: Settings, connections: int, step: int, limit_s: float) -> Curves:
    curves, hosts = Curves(), itertools.cycle(world.hosts)
    end_s = time.monotonic() + limit_s
    with ExitStack() as stack:
        loads = {arm: stack.enter_context(Load(trust=world.trust)) for arm in ARMS}
        done = 0
        while done < connections and (time.monotonic() < end_s or not done):
            asked = list(itertools.islice(hosts, min(step, connections - done)))
            for arm in ARMS:
                loads[arm].start(world.proxies[arm].address, asked, at_once=AT_ONCE)
            curves.failed += sum(loads[arm].result().failed for arm in ARMS)
            done += len(asked)
            curves.done.append(done)
            for number, arm in enumerate(ARMS):
                curves.mb[number].append(resident_mb(world.pid(arm)))
            settings.say(
                f"{done} of {connections}: {curves.mb[0][-1]:.0f} MB alone, {curves.mb[1][-1]:.0f} MB with pinprobe"
            )
    return curves


def _rows(curves: Curves) -> tuple[tuple[str, ...], ...]:
    """About a dozen of all looks, the last among them."""
    every = max(1, len(curves.done) // 12)
    chosen = sorted({*range(0, len(curves.done), every), len(curves.done) - 1})
    return tuple((str(curves.done[at]), *(f"{mb[at]:.1f}" for mb in curves.mb)) for at in chosen)


def _rebuild(session: Path, out: Path) -> tuple[float, list[str]]:
    """How long it took, and what differs from what the running proxy wrote."""
    command = [sys.executable, "-m", "pinprobe", "report", str(session / "journal.jsonl"), "--out", str(out)]
    began_s = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.monotonic() - began_s
    if done.returncode:
        return seconds, [f"`pinprobe report` ended with {done.returncode}: {done.stderr[-2000:]}"]
    return seconds, [
        f"{name} is not rebuilt byte for byte"
        for name in REPORT
        if (out / name).read_bytes() != (session / name).read_bytes()
    ]


def _wrong_verdicts(session: Path, hosts: Sequence[str], curves: Curves) -> list[str]:
    """Every host answered an unpinned client each time: nothing else may be said of it."""
    report = json.loads((session / "report.json").read_text(encoding="utf-8"))
    said = {one["endpoint"]["host"]: one["verdict"] for one in report["endpoints"]}
    wrong = [f"{host} is called {said.get(host, 'nothing')}" for host in hosts if said.get(host) != "unpinned"]
    return wrong[:20]


SOAK_LIVE = Measure(
    name="soak-live",
    about="Does memory stay flat over many live connections, and is the report right and rebuilt?",
    run=run,
)
