"""A table in plain text that fits a terminal: cells are wrapped, columns share the room. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

GAP = "  "


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> str:
    """Lines of at most `width` characters where the longest words leave the choice. `\\n` in a cell breaks it."""
    lines = [headers, *rows]
    columns = range(len(headers))
    least = [max(_longest_word(line[c]) for line in lines) for c in columns]
    most = [max(max(map(len, line[c].split("\n"))) for line in lines) for c in columns]
    widths = shared(least, most, width - len(GAP) * (len(headers) - 1))
    rule = GAP.join("─" * w for w in widths)
    parts = [_line(headers, widths), rule]
    for row in rows:
        parts += [_line(row, widths), rule]
    return "\n".join(parts) + "\n"


def shared(least: Sequence[int], most: Sequence[int], room: int) -> list[int]:
    """A width for each column: never below its least, never above its most, the room given in turn."""
    widths = list(least)
    while sum(widths) < room and any(w < m for w, m in zip(widths, most, strict=True)):
        # The column whose text is furthest from fitting gets the next character.
        neediest = max(range(len(widths)), key=lambda c: most[c] / max(widths[c], 1))
        widths[neediest] += 1
    return widths


def _longest_word(cell: str) -> int:
    return max(map(len, cell.split()), default=0)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    wrapped = [
        [piece for part in cell.split("\n") for piece in textwrap.wrap(part, w, break_on_hyphens=False) or [""]]
        for cell, w in zip(cells, widths, strict=True)
    ]
    height = max(map(len, wrapped))
    lines = [
        GAP.join((cell[n] if n < len(cell) else "").ljust(w) for cell, w in zip(wrapped, widths, strict=True))
        for n in range(height)
    ]
    return "\n".join(line.rstrip() for line in lines)
