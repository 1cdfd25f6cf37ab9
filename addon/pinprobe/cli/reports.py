"""A report named on the command line: its JSON form, read from a file or made from a journal."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from pinprobe.cli.exits import Exit, Failed
from pinprobe.cli.journals import JOURNAL, rebuild
from pinprobe.report.careful import NoReport
from pinprobe.report.folders import REPORT
from pinprobe.report.json_format import document
from pinprobe.report.safe_text import safe_text

WHAT = "a report.json, a journal.jsonl, or a folder that holds one of them"

T = TypeVar("T")


def read_report(path: Path, read: Callable[[Any], T]) -> T:
    """What `read` makes of the report there."""
    if path.is_dir():
        path = path / (REPORT if (path / REPORT).is_file() else JOURNAL)
    try:
        return read(_document(path))
    except NoReport as error:
        raise Failed(
            Exit.UNREADABLE,
            f"{path}: {safe_text(str(error))}; give a report.json, a journal.jsonl or a session's folder.",
        ) from error


def _document(path: Path) -> Any:
    if path.suffix == ".jsonl":
        return document(rebuild([path]).report)
    try:
        return json.loads(path.read_bytes())
    except OSError as error:
        raise Failed(Exit.UNREADABLE, f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise NoReport(f"not a pinprobe report: {error}") from error
