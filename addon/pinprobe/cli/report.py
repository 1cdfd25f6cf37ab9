"""pinprobe report: rebuild the reports."""

import argparse
from pathlib import Path

from pinprobe.cli.arguments import add_apk, add_journals
from pinprobe.cli.exits import Exit
from pinprobe.cli.journals import rebuild
from pinprobe.cli.policies import read_policy
from pinprobe.policy import ruled_when_recorded
from pinprobe.report import FORMATS
from pinprobe.report.files import refresh_index, write_reports


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", help: str) -> None:
    """The command's arguments."""
    parser = commands.add_parser("report", help=help, description=run.__doc__)
    add_journals(parser)
    add_apk(parser)
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="write there instead of beside the journal")
    parser.add_argument(
        "--format",
        action="append",
        default=[],
        choices=[format.id for format in FORMATS if not format.always],
        help="write this form too, beside report.html and report.json; repeatable",
    )
    parser.add_argument(
        "--policy",
        type=Path,
        metavar="FILE",
        help="say how it stands against this policy, as of the journal's last day",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> Exit:
    """Rebuild report.html and report.json from a journal, byte for byte as the proxy wrote them. Several journals of one
    app are judged together, each by itself and then as one experiment, into one report beside them: runs-...."""
    rebuilt = rebuild(options.journals, options.apk)
    report = rebuilt.report
    if options.policy is not None:
        report = ruled_when_recorded(read_policy(options.policy, report.app.id), report)
    folder = rebuilt.folder if options.out is None else options.out
    for written in write_reports(folder, report, options.format):
        print(written)
    for beside, other in rebuilt.others:
        for written in write_reports(folder / beside, other, options.format):
            print(written)
    if options.out is None and rebuilt.reports is not None:
        refresh_index(rebuilt.reports)
    return rebuilt.outcome
