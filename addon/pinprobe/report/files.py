"""Reports as files: private, written whole or not at all, under names that are safe. Raises OSError as the system does.

Pages tell which hosts an app talks to, which is nobody else's business: files are 0600, new folders 0700.
"""

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from pathlib import Path

from pinprobe.report import FORMATS, index
from pinprobe.report.model import Report

INDEX = "index.html"
REPORT = "report.json"
JOURNAL = "journal.jsonl"
NO_REPORT = "a journal without report.json; “pinprobe report” makes it"
NAME_LENGTH = 80
"""Characters of a folder name; every file system takes 255, and paths have limits too."""
HASH_LENGTH = 10
WRITERS = 4
"""Files that may be in the making beside one another."""

_PLAIN = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_-])?")
_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]+")
_LIKE_ALTERED = re.compile(rf".*-[0-9a-f]{{{HASH_LENGTH}}}")
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})
"""Names that Windows keeps for itself, with any ending."""


def folder_name(text: str) -> str:
    """Free text as the name of one folder, where two texts never share one.

    A plain lower-case name stays as it is. Anything else (capitals too, since many file systems ignore case)
    is altered and ends in a hash of the text.
    """
    plain = _PLAIN.fullmatch(text) and len(text) <= NAME_LENGTH and text != INDEX
    if plain and text.partition(".")[0] not in _DEVICES and not _LIKE_ALTERED.fullmatch(text):
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:HASH_LENGTH]
    stem = _UNSAFE.sub("_", text)[: NAME_LENGTH - HASH_LENGTH - 1].strip("._-")
    return f"{stem if stem and stem.partition('.')[0].lower() not in _DEVICES else '_' + stem}-{digest}"


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
    """Write the page that lists all reports in this folder, each in <app>/<session>/report.json."""
    entries: list[index.Entry] = []
    unread: list[index.Unread] = []
    for folder in sorted({path.parent for name in (REPORT, JOURNAL) for path in reports.glob(f"*/*/{name}")}):
        name = folder.relative_to(reports).as_posix()
        try:
            entries.append(index.entry_of(json.loads((folder / REPORT).read_bytes()), name))
        except FileNotFoundError:
            unread.append(index.Unread(folder=name, why=NO_REPORT))
        except OSError as error:
            unread.append(index.Unread(folder=name, why=f"report.json: {error.strerror}"))
        except (ValueError, RecursionError) as error:
            unread.append(index.Unread(folder=name, why=f"report.json: {str(error) or type(error).__name__}"))
    path = reports / INDEX
    replace_file(path, index.render(entries, unread))
    return path


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
