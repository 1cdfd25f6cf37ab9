"""The page as text: what it holds, what it may never hold, and how large it is. See test_page_in_browser.py, too."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import statistics
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import pytest
from tests import builders as make
from tests.report.samples import HOSTILE, every_declaration, every_reading, every_verdict, hostile, report_of

from pinprobe.report import html

ROOT = Path(__file__).parents[2]
KB = 1024
DETAILS = re.compile(r'<details class="r .*?</div></details>', re.S)


class Tags(HTMLParser):
    """What a page is made of."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: dict[str, set[str]] = {}
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, set()).add(value or "")

    def handle_data(self, data: str) -> None:
        self.text += data


HARMLESS = Tags(html.render(every_verdict()) + html.render(every_reading()))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_words_add_no_markup(text: str) -> None:
    page = html.render(hostile(text))
    seen = Tags(page)
    assert seen.tags <= HARMLESS.tags
    assert set(seen.attributes) <= set(HARMLESS.attributes)
    assert all(re.fullmatch(r"#[a-z0-9_-]+", href) for href in seen.attributes["href"])
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", page)
    assert len(page.encode()) < 80 * KB


def test_hostile_words_are_shown_as_what_they_are() -> None:
    assert HOSTILE["script"] in Tags(html.render(hostile(HOSTILE["script"]))).text
    assert HOSTILE["template"] in Tags(html.render(hostile(HOSTILE["template"]))).text
    assert r"moc.elpmaxe\u202e\u2066.evil" in Tags(html.render(hostile(HOSTILE["bidi"]))).text
    assert "(65283 more characters)" in Tags(html.render(hostile(HOSTILE["long"]))).text


def test_nothing_is_loaded_and_only_the_named_script_and_style_run() -> None:
    page = html.render(every_verdict())
    policy = re.search(r'Content-Security-Policy content="([^"]*)"', page)
    assert policy is not None and "default-src 'none'" in policy[1]
    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        bodies = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.S)
        assert len(bodies) == 1
        digest = base64.b64encode(hashlib.sha256(bodies[0].encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy[1]
    assert "unsafe" not in policy[1]
    assert not {"src", "style", "onclick", "onload", "srcset", "action"} & set(HARMLESS.attributes)
    assert not HARMLESS.tags & {"link", "img", "iframe", "object", "embed", "form", "base"}
    # A reason may name http://; nothing that a browser acts on does.
    acted_on = [*re.findall(r"<[^>]*>", page), *re.findall(r"<(?:style|script)>.*?</", page, re.S)]
    assert not [part for part in acted_on if "://" in part.replace(policy[0], "")]


def test_one_journal_one_page(tmp_path: Path) -> None:
    program = "from pinprobe.report import html; from tests.report.samples import every_verdict; "
    program += "import hashlib; print(hashlib.sha256(html.render(every_verdict()).encode()).hexdigest())"
    path = os.pathsep.join((str(ROOT / "addon"), str(ROOT)))
    pages = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"},
            cwd=tmp_path,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }
    assert len(pages) == 1


def test_a_page_that_is_made_anew_shows_what_has_changed() -> None:
    """Rows are remembered as they were drawn."""
    report = every_verdict()
    first, *others = report.endpoints
    moved = replace(report, endpoints=(*others, first))
    later = replace(report, session=replace(report.session, at_s=report.session.at_s + 60))
    judged = replace(report, endpoints=(replace(first, judgement=replace(first.judgement, reason="another")), *others))
    every = [report, moved, later, judged]
    drawn = [html.render(one) for one in every]
    html._ROWS.forget()
    assert [html.render(one) for one in reversed(every)] == drawn[::-1]
    assert len(set(drawn)) == len(every)


def test_the_shell_and_the_script_are_small() -> None:
    assert len(html.render(report_of()).encode()) <= 25 * KB
    assert len(re.findall(r"<script>(.*?)</script>", html.render(report_of()), re.S)[0].encode()) <= 6 * KB


def test_a_typical_row_is_small() -> None:
    rows = [len(row.encode()) for row in DETAILS.findall(html.render(every_verdict()))]
    assert len(rows) == 14
    assert statistics.median(rows) <= 2.6 * 1000
    assert max(rows) <= 4 * 1000


def test_a_row_with_replays_is_not_much_larger() -> None:
    assert max(len(row.encode()) for row in DETAILS.findall(html.render(every_reading()))) <= 6 * 1000


def test_a_row_with_declared_pins_is_not_much_larger() -> None:
    assert max(len(row.encode()) for row in DETAILS.findall(html.render(every_declaration()))) <= 5 * 1000


def test_evidence_ends_where_it_must_and_the_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    report = report_of(*(make.accepted(f"h{number}.example") for number in range(9)))
    whole = html.render(report)
    assert len(DETAILS.findall(whole)) == 9 and "all of it is in report.json" not in whole
    monkeypatch.setattr(html, "EVIDENCE_ROWS", 4)
    cut = html.render(report)
    assert len(DETAILS.findall(cut)) == 4
    assert cut.count('<div class="r unpinned"') == 5
    assert "The evidence of the first 4 of 9 endpoints is on this page; all of it is in report.json." in cut
    monkeypatch.setattr(html, "EVIDENCE_BYTES", 3000)
    assert 1 <= len(DETAILS.findall(html.render(report))) < 4


def test_an_empty_session_says_what_to_check() -> None:
    text = Tags(html.render(report_of())).text
    assert "No TLS connection reached the proxy. This says nothing about pinning." in text
    assert "What to check" in text and "How it decides" in text


def test_a_template_that_asks_for_what_is_not_there_fails() -> None:
    incomplete: list[dict[str, object]] = [{}, {"sessions": [], "joint": [], "apps": None, "unread": []}]
    for values in incomplete:
        with pytest.raises((jinja2.UndefinedError, TypeError)):
            html.fill("index.html", **values)


def test_every_finding_links_to_the_rows_it_is_about() -> None:
    page = html.render(every_verdict())
    targets = set(re.findall(r"<a href=#(e\d+)>", page))
    assert targets and targets <= set(re.findall(r" id=(e\d+)>", page))
