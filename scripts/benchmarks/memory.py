"""Peak memory after many connections: mitmdump alone and with pinprobe, both loaded at the same time."""

from __future__ import annotations

import itertools
import time
from contextlib import ExitStack

from benchmarks.load import Load
from benchmarks.process import peak_memory_mb
from benchmarks.world import BARE, EXPERIMENT, running
from measuring.outcome import Measure, Outcome, Settings

HOSTS = 50
AT_ONCE = 2
STEP = 500
"""Connections between two looks at the clock and the memory."""
CONNECTIONS = {True: 6_000, False: 300}
LIMIT_S = {True: 240.0, False: 20.0}
GOAL_MB = 30.0


def run(settings: Settings) -> Outcome:
    """Load both until each has seen its connections, or the time is up."""
    arms = (BARE, EXPERIMENT)
    wanted, limit_s = CONNECTIONS[settings.long], LIMIT_S[settings.long]
    settings.say("starting origins and 2 proxies")
    with running(settings.folder, arms, hosts=HOSTS) as world, ExitStack() as stack:
        loads = {arm: stack.enter_context(Load(trust=world.trust)) for arm in arms}
        hosts = itertools.cycle(world.hosts)
        started_s = time.monotonic()
        done, failed, peaks = 0, 0, [0.0, 0.0]
        while done < wanted and time.monotonic() - started_s < limit_s:
            asked = list(itertools.islice(hosts, min(STEP, wanted - done)))
            for arm in arms:
                loads[arm].start(world.proxies[arm].address, asked, at_once=AT_ONCE)
            failed += sum(loads[arm].result().failed for arm in arms)
            done += len(asked)
            peaks = [peak_memory_mb(world.pid(arm)) for arm in arms]
            settings.say(
                f"{done} of {wanted} connections each: {peaks[0]:.1f} MB alone, {peaks[1]:.1f} MB with pinprobe"
            )
    rows = zip((BARE.name, EXPERIMENT.name, "difference"), (*peaks, peaks[1] - peaks[0]), strict=True)
    return Outcome(
        headers=("mitmdump", "peak memory, MB"),
        rows=tuple((name, f"{mb:.1f}") for name, mb in rows),
        notes=(
            f"After {done} connections over {HOSTS} hosts each, {failed} failed. Goal: a difference of at most "
            f"{GOAL_MB:.0f} MB.",
        ),
    )


MEMORY = Measure(name="memory", about="peak memory after many connections, side by side", run=run)
