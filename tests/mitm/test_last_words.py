"""What is said at the session's end."""

from __future__ import annotations

from pathlib import Path

from tests.builders import accepted, journal

from pinprobe.evidence import evidence_of
from pinprobe.mitm.last_words import last_words

APP = "com.example.app"


def test_the_table_and_where_the_page_is() -> None:
    (words,) = last_words(evidence_of(journal(accepted("api.example.com"))), APP, None, Path("reports/app/session"))
    assert "api.example.com" in words
    assert words.endswith("\n\nreport: reports/app/session/report.html")
