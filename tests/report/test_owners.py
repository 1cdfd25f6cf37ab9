"""Coverage by owner."""

from __future__ import annotations

from typing import Any

import pytest
from tests.report.samples import every_verdict

from pinprobe.report.model import Owner
from pinprobe.report.owners import coverage, owner_line, owner_word


@pytest.mark.parametrize(
    ("category", "vendor", "first_party", "word"),
    [
        (None, None, True, "first party"),
        ("analytics", "Example Metrics", False, "Example Metrics"),
        ("analytics", "Example Metrics", True, "first party"),
        ("os", "Google", False, "operating system"),
        ("cdn", None, False, "CDN"),
        ("ads", None, False, "ads"),
        (None, None, False, "unknown owner"),
    ],
)
def test_the_word_for_an_owner(category: str | None, vendor: str | None, first_party: bool, word: str) -> None:
    owner = Owner(registrable_domain="example.com", category=category, vendor=vendor, first_party=first_party)
    assert owner_word(owner) == word


def test_first_party_comes_first_and_unknown_last() -> None:
    report = every_verdict()
    rows = coverage(report.endpoints)
    assert rows[0].owner == "first party"
    assert [row.owner for row in rows[-2:]] == ["unknown owner", "the device's own"]
    assert sum(row.endpoints for row in rows) == len(report.endpoints)
    assert all(sum(number for _, number in row.faces) == row.endpoints for row in rows)


@pytest.mark.parametrize(
    ("owner", "line"),
    [
        ({"category": "attribution", "vendor": "Adjust"}, "Adjust, attribution, example.com"),
        (
            {"category": "backend", "vendor": "A cloud"},
            "A cloud, backend, a platform that carries anybody's data, example.com",
        ),
        ({"category": "cdn", "vendor": None}, "CDN, a platform that carries anybody's data, example.com"),
        (
            {"category": "os", "vendor": "Android", "devices_own": True},
            "operating system, the device's own traffic, example.com",
        ),
        ({"category": None, "vendor": None, "device": True, "devices_own": True}, "the device itself, example.com"),
        ({"category": None, "vendor": None, "first_party_guessed": True}, "first party (a guess), example.com"),
        ({"category": None, "vendor": None}, "unknown owner, example.com"),
    ],
)
def test_the_line_in_the_drawer(owner: dict[str, Any], line: str) -> None:
    assert owner_line(Owner(**{"registrable_domain": "example.com", "first_party": False, **owner})) == line
