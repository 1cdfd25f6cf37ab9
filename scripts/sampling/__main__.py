"""Records the sample anew, or only builds its report again."""

from __future__ import annotations

import argparse

from sampling.record import SAMPLE, recorded, write_journal, write_report

parser = argparse.ArgumentParser(
    prog="scripts/sample", description="Run the demo and make of its journal the sample in reports/sample."
)
parser.add_argument("--report", action="store_true", help="only build the report again, from the committed journal")
if not parser.parse_args().report:
    write_journal(recorded(), SAMPLE)
write_report(SAMPLE)
print(SAMPLE / "report.html")
