"""Whose host is it? A table of well-known hosts (`hosts.csv`), and its reader.

A bare pattern is that name and everything below it; `=name` is that host alone; the longest match wins, and an
exact one beats any suffix. Consulted once per host, at the wire: the answer is an event.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One row: a category (os, analytics, backend, ...) and the vendor behind it."""

    category: str
    vendor: str


@cache
def _rows() -> dict[str, Known]:
    text = resources.files(__name__).joinpath("hosts.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["pattern"]: Known(category=row["category"], vendor=row["vendor"]) for row in rows}


def look_up(host: str) -> Known | None:
    """What is known of a host in canonical form; None where the table is silent."""
    rows = _rows()
    if (exact := rows.get("=" + host)) is not None:
        return exact
    labels = host.split(".")
    for start in range(len(labels)):
        if (known := rows.get(".".join(labels[start:]))) is not None:
            return known
    return None


def registrable_domain(host: str) -> str:
    """The public suffix plus one label, by the Public Suffix List that mitmproxy brings; else the last two labels."""
    if ":" in host or host.replace(".", "").isdigit():
        return host
    labels = host.split(".")
    suffix = _public_suffix(host)
    return ".".join(labels[-(suffix.count(".") + 2) :])


def _public_suffix(host: str) -> str:
    psl = _public_suffix_list()
    return (psl.get_tld(host) if psl is not None else None) or host.rpartition(".")[2]


@cache
def _public_suffix_list() -> Any:
    try:
        import publicsuffix2
    except ImportError:  # not a dependency of ours: a mitmproxy without it costs precision, no more
        return None
    return publicsuffix2.PublicSuffixList()
