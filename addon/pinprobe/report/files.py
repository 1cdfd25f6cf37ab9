"""Reports as files: private, written whole or not at all, under names that are safe. Raises OSError as the system does."""

import json
from collections.abc import Collection, Mapping
from pathlib import Path

from pinprobe.private import make_private, replace_file
from pinprobe.report import index
from pinprobe.report.folders import APPS, INDEX, JOURNAL, REPORT
from pinprobe.report.formats import FORMATS
from pinprobe.report.index_cache import IndexCache
from pinprobe.report.model import Report
from pinprobe.report.said import said_by

NO_REPORT = "a journal without report.json; “pinprobe report” makes it"
INDEX_CACHE = ".index.json"
"""What the list remembers of the reports; it may be deleted at any time."""
STALE_S = 60.0
"""A file in the making that nobody has touched for so long is what a killed process left."""


def write_reports(folder: Path, report: Report, asked: Collection[str] = ()) -> list[Path]:
    """Write the report into this folder, made where it is missing, in the formats that are always written and in those
    that were asked for; returns the files."""
    return write_texts(folder, rendered(report, asked))


def rendered(report: Report, asked: Collection[str] = ()) -> dict[str, str]:
    """The same, by the names of the files and not yet written."""
    return {one.file_name: one.render(report) for one in FORMATS if one.always or one.id in asked}


def write_texts(folder: Path, texts: Mapping[str, str]) -> list[Path]:
    """Write texts into this folder, made where it is missing, under the names they have; returns the files."""
    make_private(folder)
    for name, text in texts.items():
        replace_file(folder / name, text)
    return [folder / name for name in texts]


def refresh_index(reports: Path) -> Path:
    """Write the page that lists all reports in this folder: each in <app>/<session>/report.json, and those of a session's other
    apps below it."""
    entries: list[index.Entry] = []
    unread: list[index.Unread] = []
    cache = IndexCache(_text(reports / INDEX_CACHE))
    patterns = (f"*/*/{REPORT}", f"*/*/{JOURNAL}", f"*/*/{APPS}/*/{REPORT}")
    for folder in sorted({path.parent for pattern in patterns for path in reports.glob(pattern)}):
        name = folder.relative_to(reports).as_posix()
        try:
            entries.append(_entry(folder / REPORT, name, cache))
        except FileNotFoundError:
            unread.append(index.Unread(folder=name, why=NO_REPORT))
        except OSError as error:
            unread.append(index.Unread(folder=name, why=f"report.json: {error.strerror}"))
        except (ValueError, RecursionError) as error:
            unread.append(index.Unread(folder=name, why=f"report.json: {str(error) or type(error).__name__}"))
    path = reports / INDEX
    replace_file(path, index.render(entries, unread, cache.marks))
    replace_file(reports / INDEX_CACHE, cache.text())
    _remove_stale(reports, path.stat().st_mtime)
    return path


def _remove_stale(reports: Path, now_s: float) -> None:
    """Remove what killed processes left half written; where that cannot be, it does no harm. `now_s`: by the clock of the
    file system, which is the one that files have their times by."""
    for where in (".", "*/*", f"*/*/{APPS}/*"):
        for path in reports.glob(f"{where}/.*.tmp"):
            try:
                if now_s - path.stat(follow_symlinks=False).st_mtime > STALE_S:
                    path.unlink()
            except OSError:
                continue


def _entry(path: Path, folder: str, cache: IndexCache) -> index.Entry:
    """A report, read only where it is another file than the one that is remembered."""
    status = path.stat()
    stamp = (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
    entry = cache.entry(folder, stamp, lambda: said_by(json.loads(path.read_bytes())))
    if entry is None:
        entry = index.entry_of(json.loads(path.read_bytes()), folder)
        cache.keep(folder, stamp, entry)
    return entry


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, ValueError):
        return ""
