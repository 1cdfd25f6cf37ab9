"""The user's tables of hosts."""

from __future__ import annotations

from random import Random

from pinprobe.catalog.rows import CATEGORIES, CatalogError, rows_in
from pinprobe.catalog.table import Shadowed, Table
from stressing.fuzz.mutation import lines_mutated
from stressing.fuzz.target import Broken, Check, Target

WORDS = (
    *(category.encode() for category in CATEGORIES[:8]),
    b"*-pa.example.com",
    b"=a.b",
    b"pattern",
    b'"',
    b",",
    b"source",
)


def _prepare() -> Check:
    def check(data: bytes) -> None:
        try:
            table = Table(rows_in(data.decode("utf-8", "replace"), "hosts.csv"))
        except CatalogError as error:
            if not str(error).startswith("hosts.csv:"):
                raise Broken(f"does not name the file: {error}") from error
            return
        except Shadowed:
            return
        for row in table:
            name = row.pattern.removeprefix("=")
            found = table.row_of("x" + name[1:] if name.startswith("*") else name)
            if found is None or found.known.category not in CATEGORIES:
                raise Broken(f"a row that never speaks: {row}")

    return check


def _mutated(data: bytes, chance: Random) -> bytes:
    return lines_mutated(data, chance, WORDS)


TARGET = Target(
    name="catalog",
    about="tables of hosts in CSV",
    prepare=_prepare,
    seeds=lambda: (
        b"pattern,category,vendor\nexample.com,analytics,Example\n=a.example.net,ads,Example Ads\n",
        b'vendor,pattern,category,source\n# a remark\n"Example, Inc.",*-pa.example.com,os,x\nb.example,cdn,B,\n',
    ),
    mutate=_mutated,
)
