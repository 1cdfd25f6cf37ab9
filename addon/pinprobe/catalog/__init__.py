"""Whose host is it? Tables of well-known hosts, and the user's own.

Consulted once per host, at the wire: the answer is an event. `device.csv` has what devices speak to by themselves,
`shared.csv` platforms that carry anybody's data and so are nobody's third party, `services.csv` the rest.
"""

from collections.abc import Sequence
from functools import cache
from importlib import resources
from itertools import chain
from pathlib import Path

from pinprobe.catalog.domains import registrable_domain
from pinprobe.catalog.rows import CATEGORIES, LARGEST, CatalogError, rows_in
from pinprobe.catalog.table import Known, Row, Shadowed, Table

__all__ = ["CATEGORIES", "FILES", "CatalogError", "Known", "Row", "Table", "known_hosts", "registrable_domain"]

FILES = ("device.csv", "shared.csv", "services.csv")


@cache
def _rows() -> tuple[Row, ...]:
    folder = resources.files(__name__)
    return tuple(chain.from_iterable(rows_in(folder.joinpath(name).read_text("utf-8"), name) for name in FILES))


def known_hosts(files: Sequence[Path] = ()) -> Table:
    """Our rows, and those of the user's files: where both have the same pattern, the user's stands.

    Raises `CatalogError` for a file that cannot be read or used, with file and line.
    """
    own = [row for path in files for row in rows_in(_text(path), str(path))]
    patterns = {row.pattern for row in own}
    try:
        kept = [row for row in _rows() if row.pattern not in patterns]
        return Table([*kept, *own], replaced=sorted(patterns & {row.pattern for row in _rows()}))
    except Shadowed as error:
        raise CatalogError(str(error)) from None


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise CatalogError(f"{path}: larger than {LARGEST // 1_000_000} MB")
        return data.decode("utf-8-sig")
    except OSError as error:
        raise CatalogError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CatalogError(f"{path}:{line}: this is no UTF-8") from None
