"""The command line: arguments and exit codes, no logic."""

import argparse
import shutil
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

from pinprobe import __version__
from pinprobe.attempts import UNATTRIBUTED
from pinprobe.evidence import Evidence
from pinprobe.fetch import FetchError, Place, fetch_chain, pem_of, place_of
from pinprobe.journal import JournalError, JournalReader
from pinprobe.report import text
from pinprobe.report.files import folder_name, make_private, refresh_index, replace_file, write_reports
from pinprobe.report.model import Report, build_report
from pinprobe.report.safe_text import safe_text

if TYPE_CHECKING:
    from pinprobe import x509

LONGEST_TIMEOUT_S = 600


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
    (
        Exit.UNREADABLE,
        "a journal cannot be read: missing, damaged, not a journal, or written by a newer version; or a server's chain "
        "cannot be fetched",
    ),
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

    chain = commands.add_parser(
        "replay-chain",
        help="fetch servers' certificate chains for the keyless replay",
        description=_replay_chain.__doc__,
    )
    chain.add_argument("places", nargs="+", type=_place, metavar="HOST", help="example.com, or example.com:8443")
    chain.add_argument(
        "--out",
        type=Path,
        default=Path("replay-chains"),
        metavar="FOLDER",
        help="where HOST.pem is written (HOST_PORT.pem for another port than 443); default: %(default)s",
    )
    chain.add_argument(
        "--public-roots",
        type=Path,
        metavar="FILE",
        help="a PEM bundle of the roots that plain devices trust; default: those that mitmproxy brings",
    )
    chain.add_argument(
        "--timeout", type=_seconds, default=10.0, metavar="SECONDS", help="for each server; default: %(default)g"
    )
    chain.set_defaults(run=_replay_chain)

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


def _replay_chain(options: argparse.Namespace) -> Exit:
    """Fetch the certificate chain of each host by an ordinary TLS connection and store it, for --set
    pinprobe_replay_chains=FOLDER. Says of each whether it may be replayed, or why not. The connection goes straight to
    the host; nothing is sent beyond the handshake."""
    from pinprobe import x509  # the other commands do without cryptography

    try:
        roots = x509.Roots.read(options.public_roots)
    except ValueError as error:
        print(f"pinprobe: {options.public_roots}: {error}", file=sys.stderr)
        return Exit.USAGE
    outcome = Exit.DONE
    for place in dict.fromkeys(options.places):
        try:
            pem = pem_of(fetch_chain(place, options.timeout))
        except FetchError as error:
            print(f"pinprobe: {safe_text(str(error))}", file=sys.stderr)
            outcome = Exit.UNREADABLE
            continue
        file = options.out / f"{folder_name(str(place).replace(':', '_'))}.pem"
        make_private(options.out)
        replace_file(file, pem)
        print(f"{file}: {_fitness(pem, roots)}")
    return outcome


def _fitness(pem: str, roots: "x509.Roots") -> str:
    """What the proxy will say of this file."""
    from pinprobe import x509

    try:
        reason = x509.why_not(x509.chains_in_pem(pem.encode())[0], roots, datetime.now(UTC))
    except ValueError as error:
        return f"may not be replayed: a certificate cannot be read: {safe_text(str(error))}"
    return "may be replayed" if reason is None else f"may not be replayed: {safe_text(reason.text)}"


def _place(text: str) -> Place:
    try:
        return place_of(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= LONGEST_TIMEOUT_S:
        raise argparse.ArgumentTypeError(f"more than 0, at most {LONGEST_TIMEOUT_S}")
    return seconds


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
