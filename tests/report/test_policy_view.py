"""The policy on the page."""

from __future__ import annotations

import re

import pytest
from tests.report.rulings import broken_policy, hostile_policy, met_policy
from tests.report.samples import HOSTILE, every_verdict
from tests.report.test_html import Tags

from pinprobe.findings import Level
from pinprobe.report import html
from pinprobe.report.policy_view import SHOWN, policy_view


def test_breaches_know_their_rows() -> None:
    report = broken_policy()
    rows = {one.judgement.endpoint: number for number, one in enumerate(report.endpoints, start=1)}
    view = policy_view(report.policy, rows)
    assert view is not None and view.level is Level.ERROR
    shown = {(one.what, one.subject): (one.row, one.waived) for one in view.breaches}
    assert shown["PIN-107", "ads.example.org:443"] == (1, "until 2027-01-31: ticket 1")
    assert shown["expect", "nowhere.example"] == (None, None)
    assert all(row is not None for (what, _), (row, _) in shown.items() if what == "PIN-106")


def test_no_policy_no_section() -> None:
    assert policy_view(None, {}) is None
    assert "id=policy" not in html.render(every_verdict())


def test_the_page_says_it() -> None:
    page = html.render(broken_policy())
    assert "<a href=#policy>Policy broken: 4 of 6 checks failed, 2 waived.</a>" in page
    assert "nowhere.example" in page and "ticket 1" in page and "expired on 2026-01-31" in page
    assert "Policy met: 1 check, none failed." in html.render(met_policy())


def test_every_link_leads_somewhere() -> None:
    tags = Tags(html.render(broken_policy()))
    assert {href.removeprefix("#") for href in tags.attributes["href"]} <= tags.attributes["id"]
    assert "pin-107" in tags.attributes["id"]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_words_add_no_markup(text: str) -> None:
    seen, harmless = Tags(html.render(hostile_policy(text))), Tags(html.render(hostile_policy("plain")))
    assert seen.tags <= harmless.tags
    assert all(re.fullmatch(r"#[a-z0-9_-]+", href) for href in seen.attributes["href"])
    assert not seen.attributes.keys() - harmless.attributes.keys()


def test_a_long_list_ends_with_its_number() -> None:
    report = hostile_policy("a")
    assert report.policy is not None
    view = policy_view(report.policy, {})
    assert view is not None and len(view.breaches) == min(SHOWN, 2 * len(report.policy.broken))
