"""pinprobe init: a first policy, from what was seen."""

import argparse
import sys
from pathlib import Path

from pinprobe.cli.exits import Exit, Failed
from pinprobe.cli.reports import WHAT, read_report
from pinprobe.policy import starter
from pinprobe.private import write_private
from pinprobe.report.outline_reader import outline_by


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", help: str) -> None:
    """The command's arguments."""
    parser = commands.add_parser("init", help=help, description=run.__doc__)
    parser.add_argument("report", type=Path, metavar="REPORT", help=WHAT)
    parser.add_argument("--out", type=Path, metavar="FILE", help="write it there, where nothing is yet")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Exit:
    """Write a commented policy that this report meets: what is decided as expectations, the rest as comments to take up."""
    outline = read_report(options.report, outline_by)
    if not outline.anything_tested:
        raise Failed(
            Exit.NOTHING_OBSERVED, f"{options.report}: no endpoint was put to the test, so there is nothing to expect."
        )
    text = starter(outline)
    if options.out is None:
        sys.stdout.write(text)
        return Exit.DONE
    if options.out.exists():
        raise Failed(Exit.USAGE, f"{options.out}: is there already; name another file, or take it away first.")
    write_private(options.out, text)
    print(options.out)
    return Exit.DONE
