"""Microseconds per hook, and of the thread that records, from a run of its own: the clocks cost something too."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from statistics import median

from benchmarks.load import Load
from benchmarks.world import Arm, running
from measuring.outcome import Measure, Outcome, Settings

HOSTS = 10
CONNECTIONS = {True: 2000, False: 200}
TIMED = Arm(name="with pinprobe, timed", script=Path(__file__).with_name("timed_addon.py"))
ONCE = frozenset({"load", "configure", "running", "done"})
"""What is called at the start and the end of a run."""


def run(settings: Settings) -> Outcome:
    """The most expensive first."""
    told, connections = settings.folder / "hooks.json", CONNECTIONS[settings.long]
    settings.say(f"{connections} connections with a clock around each hook")
    with (
        running(settings.folder, (TIMED,), hosts=HOSTS, environment={"PINPROBE_BENCH_HOOKS": str(told)}) as world,
        Load(trust=world.trust) as load,
    ):
        hosts = itertools.cycle(world.hosts)
        load.run(world.proxies[TIMED].address, list(itertools.islice(hosts, connections)), at_once=2)
    return outcome(json.loads(told.read_text()), connections)


def outcome(times_us: dict[str, list[float]], connections: int) -> Outcome:
    """By hook or part of the recorder, in microseconds."""
    rows = sorted(
        ((sum(values) / connections, name, values) for name, values in times_us.items() if values), reverse=True
    )
    hooks = sum(each for each, name, _ in rows if name not in ONCE and not name.startswith("recorder"))
    recorder = sum(each for each, name, _ in rows if name.startswith("recorder"))
    return Outcome(
        headers=("where", "calls", "median µs", "worst µs", "µs per connection"),
        rows=tuple(
            (name, str(len(values)), f"{median(values):.0f}", f"{max(values):.0f}", f"{each:.0f}")
            for each, name, values in rows
        ),
        notes=(
            f"{hooks:.0f} µs per connection in hooks, start and end of the run left out, and {recorder:.0f} µs of "
            "processor time in the recorder's thread. `tls_start_client` and `tls_start_server` do mitmproxy's own "
            "work too, which mitmproxy then leaves out.",
        ),
    )


HOOKS = Measure(name="hooks", about="where pinprobe's own time goes", run=run)
