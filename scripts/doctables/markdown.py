"""Tables in Markdown: read one, write one, replace one between its markers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

MARKED = re.compile(r"(<!-- table: (?P<name>[a-z-]+) -->\n).*?(<!-- end -->)", re.DOTALL)
"""A generated part of a page: between these comments stands what the code says."""


def read_table(text: str, first_header: str, *, occurrence: int = 0) -> list[list[str]]:
    """The rows, without the header, of the table whose first column has this header."""
    lines = text.splitlines()
    starts = [number for number, line in enumerate(lines) if cells(line)[:1] == [first_header]]
    if len(starts) <= occurrence:
        raise LookupError(f"no table number {occurrence + 1} whose first column is {first_header!r}")
    rows = []
    for line in lines[starts[occurrence] + 2 :]:
        if not line.startswith("|"):
            break
        rows.append(cells(line))
    return rows


def cells(line: str) -> list[str]:
    """The cells of one line of a table, without the code marks; nothing for any other line."""
    if not line.startswith("|"):
        return []
    return [cell.strip().strip("`") for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1]]


def table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table as text."""
    lines = [headers, ["---"] * len(headers), *rows]
    return "".join("| " + " | ".join(_safe(cell) for cell in line) + " |\n" for line in lines)


def _safe(cell: str) -> str:
    return cell.replace("|", "\\|").replace("\n", " ")


def rewritten(text: str, parts: dict[str, str]) -> str:
    """The page with every marked part written anew; a marker that nobody knows is an error."""

    def part(found: re.Match[str]) -> str:
        name = found["name"]
        if name not in parts:
            raise LookupError(f"no generated part is called {name!r}; there are: {', '.join(sorted(parts))}")
        return found[1] + parts[name] + found[3]

    return MARKED.sub(part, text)
