"""Microseconds per hook, from a run of its own: the clock costs something too."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.load import Load
from benchmarks.world import Arm, running

HOSTS = 10
TIMED = Arm(name="with pinprobe, timed", script=Path(__file__).with_name("timed_addon.py"))


@dataclass(frozen=True, slots=True, kw_only=True)
class HookTime:
    name: str
    calls: int
    median_us: float
    worst_us: float
    per_connection_us: float


def measure(folder: Path, connections: int, say: Callable[[str], None]) -> list[HookTime]:
    """The most expensive first."""
    told = folder / "hooks.json"
    say(f"hooks: {connections} connections with a clock around each hook")
    with (
        running(folder, (TIMED,), hosts=HOSTS, environment={"PINPROBE_BENCH_HOOKS": str(told)}) as world,
        Load(trust=world.trust, hosts=world.hosts, workers=2) as load,
    ):
        load.run(world.proxies[TIMED].address, connections)
    times: dict[str, list[float]] = json.loads(told.read_text())
    rows = [
        HookTime(
            name=name,
            calls=len(values),
            median_us=median(values),
            worst_us=max(values),
            per_connection_us=sum(values) / connections,
        )
        for name, values in times.items()
        if values
    ]
    return sorted(rows, key=lambda row: -row.per_connection_us)
