"""The table of what can be tried. The launcher is scripts/stress."""

from __future__ import annotations

import sys

from measuring.command import Command
from measuring.outcome import Measure

MEASURES: tuple[Measure, ...] = ()

STRESS = Command(
    name="scripts/stress",
    about="Is hard on pinprobe, with real clients and a real mitmdump on loopback, and says what became of it.",
    length_option="--nightly",
    length_help="at full length: hours instead of minutes",
    usually_long=False,
    measures=MEASURES,
)

if __name__ == "__main__":
    sys.exit(STRESS.main(sys.argv[1:]))
