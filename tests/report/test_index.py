"""The list of all reports."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from tests.report.samples import HOSTILE, every_verdict, hostile, report_of

from pinprobe.report.index import Entry, entry_of, render
from pinprobe.report.json_format import document


def entry(folder: str, **of_session: Any) -> Entry:
    return entry_of(document(report_of(**of_session)), folder)


def test_newest_first() -> None:
    page = render([entry("a/1", app_id="older"), entry("b/1", app_id="newer", at_s=1_800_000_000.0)])
    assert page.index(">newer<") < page.index(">older<")
    assert "2 sessions of 2 apps" in page


def test_an_entry_says_what_its_page_says() -> None:
    page = render([entry_of(document(every_verdict()), "com.example.app/s1")])
    assert 'href="com.example.app/s1/report.html"' in page
    assert "2 of 14 endpoints reject" in page
    counts = dict(re.findall(r"<li class=(\w+)>.*?<b>(\d+)</b>", page))
    assert sum(map(int, counts.values())) == 14
    assert counts["untrusted"] == counts["unproven"] == "1"


def test_no_report_is_no_pass() -> None:
    assert "This says nothing about pinning" in render([])


def test_unreadable_reports_are_counted() -> None:
    assert "1 report.json could not be read and is not listed" in render([], unreadable=1)


@pytest.mark.parametrize("folder", ["javascript:alert(1)/x", '"><b>/x', "a b/ü", "%2e%2e/x"])
def test_links_stay_inside(folder: str) -> None:
    href = entry(folder).href
    assert re.fullmatch(r"[A-Za-z0-9%/._~-]+", href)
    assert href.endswith("/report.html")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_words(text: str) -> None:
    page = render([entry_of(json.loads(json.dumps(document(hostile(text)))), "a/b")])
    assert "<script>" not in page and "<img" not in page and "\x1b" not in page and "\u202e" not in page
    assert len(page) < 40_000


@pytest.mark.parametrize(
    "damage",
    [
        lambda d: d.pop("app"),
        lambda d: d.update(summary=[]),
        lambda d: d["session"].update(id=7),
        lambda d: d["summary"].update(endpoints="many"),
        lambda d: d["summary"]["verdicts"].update(pinned=None),
        lambda d: d["summary"]["verdicts"].update(suspicious="x"),
        lambda d: d["summary"].update(verdicts=["x"]),
    ],
)
def test_what_is_no_report_is_refused(damage: Any) -> None:
    damaged = document(every_verdict())
    damage(damaged)
    with pytest.raises(ValueError):
        entry_of(damaged, "a/b")


@pytest.mark.parametrize("foreign", [None, 7, "text", [], {}])
def test_foreign_json_is_refused(foreign: object) -> None:
    with pytest.raises(ValueError):
        entry_of(foreign, "a/b")
