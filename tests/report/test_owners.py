"""Coverage by owner."""

from __future__ import annotations

import pytest
from tests.report.samples import every_verdict

from pinprobe.report.model import Owner
from pinprobe.report.owners import coverage, owner_word


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
    assert rows[-1].owner == "unknown owner"
    assert sum(row.endpoints for row in rows) == len(report.endpoints)
    assert all(sum(number for _, number in row.faces) == row.endpoints for row in rows)
