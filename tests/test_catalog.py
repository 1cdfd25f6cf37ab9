"""Whose host it is: the table of known hosts, its reader, and registrable domains."""

from __future__ import annotations

import csv
from importlib import resources

import pytest

from pinprobe import catalog
from pinprobe.catalog import look_up, registrable_domain

ROWS = list(csv.DictReader(resources.files(catalog).joinpath("hosts.csv").read_text(encoding="utf-8").splitlines()))


def test_rows_are_whole_and_canonical() -> None:
    for row in ROWS:
        assert list(row) == ["pattern", "category", "vendor", "source"]
        assert all(row.values()), row
        name = row["pattern"].removeprefix("=")
        assert name == name.lower().strip(".") and " " not in name and "*" not in name
        assert row["category"] == row["category"].lower()


def test_no_pattern_is_there_twice() -> None:
    patterns = [row["pattern"] for row in ROWS]
    assert len(set(patterns)) == len(patterns)


def test_every_row_is_found_by_its_own_name() -> None:
    for row in ROWS:
        known = look_up(row["pattern"].removeprefix("="))
        assert known is not None
        exact = f"={row['pattern']}" in {other["pattern"] for other in ROWS}
        assert exact or (known.category, known.vendor) == (row["category"], row["vendor"])


@pytest.mark.parametrize(
    ("host", "category"),
    [
        ("applovin.com", "ads"),
        ("rt.applovin.com", "ads"),
        ("notapplovin.com", None),
        ("applovin.com.evil.example", None),
        ("com", None),
        ("", None),
        ("203.0.113.7", None),
        ("2001:db8::1", None),
        ("connectivitycheck.gstatic.com", "os"),
        ("play.googleapis.com", "google-play-services"),
    ],
)
def test_look_up(host: str, category: str | None) -> None:
    known = look_up(host)
    assert (known.category if known else None) == category


def test_the_longest_pattern_wins_and_an_exact_one_beats_it(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = {
        "example.com": catalog.Known(category="suffix", vendor="v"),
        "api.example.com": catalog.Known(category="longer", vendor="v"),
        "=api.example.com": catalog.Known(category="exact", vendor="v"),
        "=only.example.org": catalog.Known(category="alone", vendor="v"),
    }
    monkeypatch.setattr(catalog, "_rows", lambda: rows)
    found = {host: known.category for host in HOSTS if (known := look_up(host))}
    assert found == {
        "example.com": "suffix",
        "www.example.com": "suffix",
        "api.example.com": "exact",
        "v2.api.example.com": "longer",
        "only.example.org": "alone",
    }


HOSTS = (
    "example.com",
    "www.example.com",
    "api.example.com",
    "v2.api.example.com",
    "only.example.org",
    "sub.only.example.org",
    "example.org",
)


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("example.com", "example.com"),
        ("api.example.com", "example.com"),
        ("a.b.example.co.uk", "example.co.uk"),
        ("co.uk", "co.uk"),
        ("someone.github.io", "someone.github.io"),
        ("localhost", "localhost"),
        ("host.internal", "host.internal"),
        ("a.host.internal", "host.internal"),
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8::1", "2001:db8::1"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
    ],
)
def test_registrable_domains(host: str, domain: str) -> None:
    assert registrable_domain(host) == domain


def test_without_the_public_suffix_list_the_last_two_labels_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "_public_suffix_list", lambda: None)
    assert registrable_domain("a.b.example.com") == "example.com"
    assert registrable_domain("localhost") == "localhost"
