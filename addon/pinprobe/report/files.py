"""Reports as files: private, written whole or not at all, under names that are safe. Raises OSError as the system does.

Pages tell which hosts an app talks to, which is nobody else's business: files are 0600, new folders 0700.
"""

import json
from collections.abc import Collection, Mapping
from pathlib import Path

from pinprobe.report import FORMATS, index
from pinprobe.report.folders import APPS, INDEX
from pinprobe.report.index_cache import IndexCache
from pinprobe.report.model import Report
from pinprobe.report.said import said_by

REPORT = "report.json"
JOURNAL = "journal.jsonl"
NO_REPORT = "a journal without report.json; “pinprobe report” makes it"
INDEX_CACHE = ".index.json"
"""What the list remembers of the reports; it may be deleted at any time."""
WRITERS = 4
"""Files that may be in the making beside one another."""
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


def make_private(folder: Path) -> None:
    """Make a folder and what is missing above it, for its owner alone."""
    missing = [folder, *folder.parents]
    for one in reversed(missing[: next((n for n, path in enumerate(missing) if path.is_dir()), len(missing))]):
        one.mkdir(mode=0o700, exist_ok=True)


def in_bytes(text: str) -> bytes:
    """A report as it stands in its file."""
    return text.encode("utf-8", "backslashreplace")


def replace_file(path: Path, text: str) -> None:
    """Write a whole new file beside the old one and put it in its place, so that no reader sees half of it."""
    fresh = _new_file(path)
    try:
        fresh.write_bytes(in_bytes(text))
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise


def _new_file(path: Path) -> Path:
    """An empty file of our own beside this one, private from its first moment, and nobody else's link.

    Two proxies may write the same index at once, so each takes a free name; what killed ones left is removed.
    """
    names = [path.with_name(f".{path.name}.{number}.tmp") for number in range(WRITERS)]
    for fresh in names:
        try:
            fresh.touch(mode=0o600, exist_ok=False)
            return fresh
        except FileExistsError:
            continue
    for stale in names:
        stale.unlink(missing_ok=True)
    names[0].touch(mode=0o600, exist_ok=False)
    return names[0]
