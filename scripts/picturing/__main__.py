"""Takes each picture, one browser for all."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.report.chromium import CHROMIUM, MISSING, chromium

from picturing.shots import PICTURES, take
from sampling.record import SAMPLE

parser = argparse.ArgumentParser(prog="scripts/screenshots", description="Take the pictures that docs/report.md shows.")
parser.add_argument("--to", type=Path, default=PICTURES, metavar="FOLDER", help="write there instead")
options = parser.parse_args()
if CHROMIUM is None:
    sys.exit(f"pinprobe: {MISSING}")
options.to.mkdir(parents=True, exist_ok=True)
with (
    tempfile.TemporaryDirectory(prefix="pinprobe-pictures-", ignore_cleanup_errors=True) as profile,
    chromium(Path(profile)) as browser,
):
    for path in take(browser, SAMPLE / "report.html", options.to):
        print(path)
