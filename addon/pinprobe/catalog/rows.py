"""Rows of CSV files, read with care: every error names file and line, and what would be right."""

import csv
import re
from collections.abc import Iterator, Sequence

from pinprobe.catalog.table import Known, Row

CATEGORIES = (
    "os",
    "oem",
    "pki",
    "google-play-services",
    "browser",
    "backend",
    "cdn",
    "ads",
    "analytics",
    "anti-fraud",
    "apm",
    "attribution",
    "auth",
    "consent",
    "crash-reporting",
    "deep-linking",
    "engagement",
    "maps",
    "media",
    "payments",
    "push",
    "remote-config",
    "session-replay",
    "social",
    "support",
)
"""What a host can be: the device's own first, then platforms that carry anybody's data, then services."""
COLUMNS = ("pattern", "category", "vendor")
SOURCE = "source"
"""A further column, which nothing reads."""
LARGEST = 4_000_000
"""Bytes of a file."""
LONGEST_VENDOR = 200
LONGEST_NAME = 253
"""RFC 1035, section 2.3.4."""
_NAME = re.compile(r"(?:=|\*(?=-))?[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")


class CatalogError(ValueError):
    """A file that cannot be used; the message names file and line."""


def rows_in(text: str, name: str) -> Iterator[Row]:
    """The rows of a file. Raises `CatalogError`."""
    lines = csv.reader(text.splitlines(), strict=True)
    head: Sequence[str] | None = None
    try:
        for cells in lines:
            where = f"{name}:{lines.line_num}"
            if not cells or cells[0].lstrip().startswith("#"):
                continue
            cells = [cell.strip() for cell in cells]
            if head is None:
                head = _head(cells, where)
            elif len(cells) != len(head):
                raise CatalogError(f"{where}: {len(cells)} cells, and the head has {len(head)}")
            else:
                yield _row(dict(zip(head, cells, strict=True)), where)
    except csv.Error as error:
        raise CatalogError(f"{name}:{lines.line_num}: {error}") from None
    if head is None:
        raise CatalogError(f"{name}: the first line must be {','.join(COLUMNS)}")


def _head(cells: Sequence[str], where: str) -> Sequence[str]:
    if set(cells) - {SOURCE} != set(COLUMNS) or len(set(cells)) != len(cells):
        raise CatalogError(f"{where}: the first line must be {','.join(COLUMNS)}, and may have {SOURCE} as well")
    return cells


def _row(cells: dict[str, str], where: str) -> Row:
    pattern, category, vendor = (cells[column] for column in COLUMNS)
    name = pattern.removeprefix("=")
    if not _NAME.fullmatch(pattern) or len(name) > LONGEST_NAME or (name.startswith("*") and "." not in name):
        raise CatalogError(
            f"{where}: {pattern[:80]!r} is no pattern: write example.com (with all below it), =example.com (that name "
            "alone) or *-api.example.com, in lower case and A-labels"
        )
    if category not in CATEGORIES:
        raise CatalogError(f"{where}: {category[:40]!r} is no category; use one of {', '.join(CATEGORIES)}")
    if not vendor or len(vendor) > LONGEST_VENDOR or not vendor.isprintable():
        raise CatalogError(f"{where}: the vendor must be a short text")
    return Row(pattern=pattern, known=Known(category=category, vendor=vendor), where=where)
