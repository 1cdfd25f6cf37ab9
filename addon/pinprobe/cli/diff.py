"""pinprobe diff: what changed between two reports."""

import argparse
import sys
from pathlib import Path

from pinprobe.cli.exits import Exit
from pinprobe.cli.reports import WHAT, read_report
from pinprobe.report.diff import difference
from pinprobe.report.diff_format import as_json, as_text
from pinprobe.report.safe_text import NAME_LIMIT, safe_text
from pinprobe.report.said import ReportSaid, said_by


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", help: str) -> None:
    """The command's arguments."""
    parser = commands.add_parser("diff", help=help, description=run.__doc__)
    parser.add_argument("before", type=Path, metavar="BEFORE", help=WHAT)
    parser.add_argument("after", type=Path, metavar="AFTER", help="the same")
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Exit:
    """List what changed between two reports beyond noise. Ends with 1 if a verdict changed; endpoints that are new or
    gone, lack evidence now, or are more or less sure than before are listed, and change no verdict."""
    before, after = _said(options.before), _said(options.after)
    if before.app_id != after.app_id:
        named = [safe_text(one.app_id, NAME_LIMIT) for one in (before, after)]
        print(f"pinprobe: warning: these are different apps, {named[0]} and {named[1]}.", file=sys.stderr)
    found = difference(before, after)
    sys.stdout.write(as_json(found) if options.json else as_text(found))
    return Exit.DIFFERS if found.verdict_changed else Exit.DONE


def _said(path: Path) -> ReportSaid:
    return read_report(path, said_by)
