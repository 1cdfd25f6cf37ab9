"""The command line: arguments and exit codes, no logic."""

import argparse
import shutil
import sys
from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path

from pinprobe import __version__
from pinprobe.attempts import UNATTRIBUTED
from pinprobe.evidence import Evidence
from pinprobe.journal import JournalError, JournalReader
from pinprobe.report import text
from pinprobe.report.files import refresh_index, write_reports
from pinprobe.report.model import Report, build_report


class Exit(IntEnum):
    """What a script can tell from the exit code."""

    DONE = 0
    USAGE = 2
    NOTHING_OBSERVED = 3
    UNREADABLE = 4


EXIT_CODES = (
    (Exit.DONE, "done"),
    (Exit.USAGE, "wrong usage, or a file that cannot be written"),
    (Exit.NOTHING_OBSERVED, "nothing observed: no endpoint reached the proxy"),
    (Exit.UNREADABLE, "a journal cannot be read: missing, damaged, not a journal, or written by a newer version"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except JournalError as error:
        print(f"pinprobe: {error}", file=sys.stderr)
        return Exit.UNREADABLE
    except OSError as error:
        print(f"pinprobe: {error.filename or ''}: {error.strerror or error}", file=sys.stderr)
        return Exit.USAGE


def _parser() -> argparse.ArgumentParser:
    codes = "\n".join(f"  {code.value}  {meaning}" for code, meaning in EXIT_CODES)
    parser = argparse.ArgumentParser(
        prog="pinprobe",
        description="Find out, endpoint by endpoint, whether an app pins its certificates.",
        epilog=f'Record with: mitmdump -s "$(pinprobe path)"\n\nexit codes:\n{codes}',
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"pinprobe {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    report = commands.add_parser("report", help="rebuild the reports of journals", description=_report.__doc__)
    _journals(report)
    report.add_argument("--out", type=Path, metavar="FOLDER", help="write there instead of beside the journal")
    report.set_defaults(run=_report)

    show = commands.add_parser("show", help="print the table of verdicts", description=_show.__doc__)
    _journals(show)
    show.set_defaults(run=_show)

    path = commands.add_parser("path", help="print the addon's path for mitmdump -s", description=_path.__doc__)
    path.set_defaults(run=_path)
    return parser


def _journals(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "journals",
        nargs="+",
        type=Path,
        metavar="JOURNAL",
        help="a journal.jsonl, or the session's folder that holds it",
    )


def _report(options: argparse.Namespace) -> Exit:
    """Rebuild report.html and report.json from each journal, byte for byte as the proxy wrote them."""
    if options.out is not None and len(options.journals) > 1:
        print("pinprobe: --out takes one journal: each has a report.html of its own.", file=sys.stderr)
        return Exit.USAGE
    outcome = Exit.DONE
    for journal in map(_journal, options.journals):
        report = _rebuild(journal)
        folder = options.out if options.out is not None else journal.parent
        for written in write_reports(folder, report):
            print(written)
        if options.out is None and folder.name == report.session.session_id:
            refresh_index(folder.parent.parent)
        outcome = outcome or _outcome(report)
    return outcome


def _show(options: argparse.Namespace) -> Exit:
    """Print the verdicts of each journal as a table."""
    outcome = Exit.DONE
    for journal in map(_journal, options.journals):
        report = _rebuild(journal)
        print(text.render(report, width=max(80, shutil.get_terminal_size((100, 24)).columns)))
        outcome = outcome or _outcome(report)
    return outcome


def _path(options: argparse.Namespace) -> Exit:
    """Print the path of the addon, for: mitmdump -s "$(pinprobe path)"."""
    print(Path(__file__).resolve().parent.parent / "pinprobe_addon.py")
    return Exit.DONE


def _journal(path: Path) -> Path:
    return path / "journal.jsonl" if path.is_dir() else path


def _rebuild(path: Path) -> Report:
    reader = JournalReader(path)
    evidence = Evidence()
    for event in reader:
        evidence.feed(event)
    evidence.finish()
    if reader.torn:
        print(f"pinprobe: {path}: the last line is torn and left out; everything before it is there.", file=sys.stderr)
    assert evidence.session is not None, "a journal without its first event is refused by the reader"
    return build_report(evidence, evidence.session.app_id or UNATTRIBUTED, reader.sha256)


def _outcome(report: Report) -> Exit:
    return Exit.DONE if report.endpoints else Exit.NOTHING_OBSERVED
