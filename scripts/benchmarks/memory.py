"""Peak memory after many connections: mitmdump alone and with pinprobe, both loaded at the same time."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.load import Load, Tally
from benchmarks.process import peak_memory_mb
from benchmarks.world import BARE, EXPERIMENT, running

WORKERS = 2
HOSTS = 50
STEP = 500
"""Connections between two looks at the clock and the memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryResult:
    connections: int
    """Through each of the two."""
    hosts: int
    bare_mb: float
    tested_mb: float
    failed: int

    @property
    def difference_mb(self) -> float:
        return self.tested_mb - self.bare_mb


def measure(folder: Path, connections: int, limit_s: float, say: Callable[[str], None]) -> MemoryResult:
    """Load both until each has seen that many connections, or the time is up."""
    arms = (BARE, EXPERIMENT)
    say("memory: starting an origin and 2 proxies")
    with running(folder, arms, hosts=HOSTS) as world, ExitStack() as stack:
        loads = {arm: stack.enter_context(Load(trust=world.trust, hosts=world.hosts, workers=WORKERS)) for arm in arms}
        started_s = time.monotonic()
        done, failed = 0, 0
        while done < connections and time.monotonic() - started_s < limit_s:
            step = min(STEP, connections - done)
            for arm in arms:
                loads[arm].start(world.proxies[arm].address, step)
            tallies: list[Tally] = [loads[arm].result() for arm in arms]
            done += step
            failed += sum(tally.failed for tally in tallies)
            peaks = [peak_memory_mb(world.pid(arm)) for arm in arms]
            say(
                f"memory: {done} of {connections} connections through each, {time.monotonic() - started_s:.0f} s: "
                f"{peaks[0]:.1f} MB alone, {peaks[1]:.1f} MB with pinprobe"
            )
        return MemoryResult(connections=done, hosts=HOSTS, bare_mb=peaks[0], tested_mb=peaks[1], failed=failed)
