"""Which row speaks of a host: exact before suffix, longer before shorter, and no row in another's shadow."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

ANY_LABEL = "*-"
"""How a pattern begins whose first label may begin with anything, as in `*-pa.example.com`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a row says: a category (os, analytics, backend, ...) and the vendor behind it."""

    category: str
    vendor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row, and where it stands."""

    pattern: str
    """`example.com`: that name and everything below it. `=example.com`: that name alone. `*-pa.example.com`: names
    like foo-pa.example.com, and everything below them."""
    known: Known
    where: str
    """File and line, for errors."""


class Shadowed(ValueError):
    """Two rows have the same pattern, so that one of them would never speak."""


class Table:
    """Rows by pattern. The longest pattern that matches a host speaks, by its number of labels; of those that are
    equally long an exact name comes first, then a name with all below it, then the longest ending of a label."""

    def __init__(self, rows: Iterable[Row], replaced: Iterable[str] = ()) -> None:
        """Raises `Shadowed` where two rows have the same pattern. `replaced` are patterns that others stood for before."""
        self.replaced = tuple(replaced)
        self._rows: dict[str, Row] = {}
        self._endings: dict[str, list[Row]] = {}
        """By the name that follows the first label."""
        for row in rows:
            self._add(row)
        for below in self._endings.values():
            below.sort(key=lambda row: -len(row.pattern))

    def _add(self, row: Row) -> None:
        if (first := self._rows.setdefault(row.pattern, row)) is not row:
            raise Shadowed(f"{row.where}: {row.pattern} stands already in {first.where}")
        if row.pattern.startswith(ANY_LABEL):
            self._endings.setdefault(row.pattern.partition(".")[2], []).append(row)

    def __iter__(self) -> Iterator[Row]:
        """Every row."""
        return iter(self._rows.values())

    def look_up(self, host: str) -> Known | None:
        """What is known of a host in canonical form; None where the table is silent."""
        row = self.row_of(host)
        return row.known if row is not None else None

    def row_of(self, host: str) -> Row | None:
        """The row that speaks of it."""
        if (exact := self._rows.get("=" + host)) is not None:
            return exact
        first, rest = "", host
        while rest:
            if (row := self._rows.get(rest)) is not None:
                return row
            first, _, rest = rest.partition(".")
            for row in self._endings.get(rest, ()):
                ending = row.pattern[1:].partition(".")[0]
                if first.endswith(ending) and len(first) > len(ending):
                    return row
        return None
