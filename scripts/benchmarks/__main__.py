"""The table of what is measured. The launcher is scripts/bench."""

from __future__ import annotations

import sys

from benchmarks.connections import CONNECTIONS
from benchmarks.hooks import HOOKS
from benchmarks.memory import MEMORY
from benchmarks.rebuild import REBUILD
from benchmarks.startup import STARTUP
from benchmarks.traffic import TRAFFIC
from measuring.command import Command
from measuring.outcome import Measure

MEASURES: tuple[Measure, ...] = (
    CONNECTIONS,
    TRAFFIC,
    HOOKS,
    MEMORY,
    REBUILD,
    STARTUP,
)

BENCH = Command(
    name="scripts/bench",
    about="What pinprobe costs: mitmdump with and without it, taking turns in one run, everything on loopback.",
    length_option="--quick",
    length_help="a first look: a minute or two instead of up to half an hour",
    usually_long=True,
    measures=MEASURES,
)

if __name__ == "__main__":
    sys.exit(BENCH.main(sys.argv[1:]))
