"""The table of what can be tried. The launcher is scripts/stress."""

from __future__ import annotations

import sys

from measuring.command import Command
from measuring.outcome import Measure
from stressing.faults import FAULTS
from stressing.fuzz import FUZZ
from stressing.fuzz.live import FUZZ_LIVE
from stressing.hostile import HOSTILE
from stressing.kills import KILLS
from stressing.soak import SOAK
from stressing.soak_live import SOAK_LIVE
from stressing.suffering import TROUBLES_MEASURE

MEASURES: tuple[Measure, ...] = (KILLS, TROUBLES_MEASURE, FUZZ, FUZZ_LIVE, HOSTILE, FAULTS, SOAK, SOAK_LIVE)

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
