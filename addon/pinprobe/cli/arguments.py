"""Arguments that several commands share."""

import argparse
from pathlib import Path

LONGEST_TIMEOUT_S = 600


def add_journals(parser: argparse.ArgumentParser) -> None:
    """One or more journals."""
    parser.add_argument(
        "journals",
        nargs="+",
        type=Path,
        metavar="JOURNAL",
        help="a journal.jsonl, or the session's folder that holds it; several of one app are judged together",
    )


def add_apk(parser: argparse.ArgumentParser) -> None:
    """The app's package, for journals that were recorded without it."""
    parser.add_argument(
        "--apk",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="hold what the app's package declares against what was seen: an APK, an APKS or XAPK, or a folder of split "
        "APKs; repeatable",
    )


def seconds(text: str) -> float:
    """A time-out."""
    value = float(text)
    if not 0 < value <= LONGEST_TIMEOUT_S:
        raise argparse.ArgumentTypeError(f"more than 0, at most {LONGEST_TIMEOUT_S}")
    return value
