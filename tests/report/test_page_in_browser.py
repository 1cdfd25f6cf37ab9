"""The page in a real browser: it opens without complaint, fits, works without scripts, and can be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests import builders as make
from tests.report.chromium import CHROMIUM, MISSING, Browser, chromium
from tests.report.samples import HOSTILE, every_reading, every_verdict, hostile, report_of, times

from pinprobe.report import html, index
from pinprobe.report.json_format import document
from pinprobe.report.model import Report

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=MISSING)

SIZES = [(1280, 800), (390, 844), (320, 640)]
OPEN_ALL = "document.querySelectorAll('details').forEach(one => one.open = true)"
VISIBLE_ROWS = """[...document.querySelectorAll('#rows > .r')].filter(row => {
  const box = (row.querySelector('summary') || row).getBoundingClientRect();
  return row.checkVisibility() && box.height > 0 && box.bottom <= innerHeight; }).length"""
SHOWN = "[...document.querySelectorAll('#rows > .r')].filter(row => row.checkVisibility()).map(row => row.className)"
CONTRASTS = """(() => {
  const parse = text => text.match(/[\\d.]+/g).map(Number);
  const channel = value => (value /= 255) <= .04045 ? value / 12.92 : ((value + .055) / 1.055) ** 2.4;
  const luminance = ([r, g, b]) => .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b);
  const behind = one => { for (; one; one = one.parentElement) {
    const colour = parse(getComputedStyle(one).backgroundColor);
    if (colour.length < 4 || colour[3] === 1) return colour; } return [255, 255, 255]; };
  const found = {};
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const one = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !one.checkVisibility() || one.closest('script,style,.vh')) continue;
    const pair = [luminance(parse(getComputedStyle(one).color)), luminance(behind(one))].sort((a, b) => b - a);
    const ratio = (pair[0] + .05) / (pair[1] + .05);
    found[one.tagName + '.' + one.className] = Math.round(ratio * 100) / 100;
  }
  return found; })()"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with chromium(tmp_path_factory.mktemp("profile")) as started:
        yield started


def written(folder: Path, report: Report) -> Path:
    page = folder / "report.html"
    page.write_text(html.render(report), encoding="utf-8")
    return page


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_it_opens_without_complaint_and_fits(
    browser: Browser, tmp_path: Path, size: tuple[int, int], dark: bool
) -> None:
    for report in (every_verdict(), every_reading()):
        page = written(tmp_path, report)
        browser.open(page, width=size[0], height=size[1], dark=dark)
        assert browser.complaints == []
        assert browser.requests == [page.as_uri()]
        assert browser.evaluate(OPEN_ALL + "; document.documentElement.scrollWidth") <= size[0]


@pytest.mark.parametrize(("width", "columns"), [(1280, 3), (390, 1)])
def test_replayed_chains_stand_side_by_side_where_there_is_room(
    browser: Browser, tmp_path: Path, width: int, columns: int
) -> None:
    browser.open(written(tmp_path, every_reading()), width=width, height=844, fragment="#e2")
    tops = "new Set([...document.querySelectorAll('#e2 .p > div')].map(one => one.getBoundingClientRect().{0})).size"
    assert browser.evaluate(tops.format("left")) == columns


def test_three_rows_are_on_the_first_screen(browser: Browser, tmp_path: Path) -> None:
    browser.open(written(tmp_path, every_verdict()))
    assert browser.evaluate(VISIBLE_ROWS) >= 3
    browser.open(written(tmp_path, every_verdict(ca_store="unknown")), width=390, height=844)
    assert browser.evaluate(VISIBLE_ROWS) >= 1


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_all_text_has_contrast(browser: Browser, tmp_path: Path, dark: bool) -> None:
    for report in (every_verdict(), every_reading()):
        browser.open(written(tmp_path, report), dark=dark)
        browser.evaluate(OPEN_ALL)
        contrasts = browser.evaluate(CONTRASTS)
        assert len(contrasts) > 20
        assert {where: ratio for where, ratio in contrasts.items() if ratio < 6} == {}


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_the_verdict_filter_needs_no_script(browser: Browser, tmp_path: Path, scripts: bool) -> None:
    browser.open(written(tmp_path, every_verdict()), scripts=scripts)
    browser.evaluate("document.querySelector('label[for=v-pinned]').click()")
    assert set(browser.evaluate(SHOWN)) == {"r pinned"}
    browser.evaluate("document.querySelector('label[for=v-all]').click()")
    assert len(browser.evaluate(SHOWN)) == 14
    assert browser.evaluate("document.querySelector('.tools').checkVisibility()") is scripts


def test_searching_grouping_and_opening(browser: Browser, tmp_path: Path) -> None:
    browser.open(written(tmp_path, every_verdict()))
    wait = "new Promise(done => setTimeout(() => done(document.getElementById('count').textContent), 300))"
    type_in = (
        "(box => {{ box.value = {0!r}; box.dispatchEvent(new Event('input')); }})(document.getElementById('search'))"
    )
    assert browser.evaluate(f"{type_in.format('Example.COM first')}; {wait}") == "5 of 14"
    assert browser.evaluate(f"{type_in.format('')}; {wait}") == "14 of 14"
    browser.evaluate("document.getElementById('group').click()")
    headings = browser.evaluate("[...document.querySelectorAll('.g')].map(one => one.textContent)")
    assert "first party (5)" in headings and len(headings) == 5
    browser.evaluate("document.getElementById('group').click()")
    assert browser.evaluate("document.querySelectorAll('.g').length") == 0
    assert browser.evaluate("[...document.querySelectorAll('#rows > .r')].map(row => row.id)")[:3] == ["e1", "e2", "e3"]
    browser.evaluate("document.getElementById('open').click()")
    assert browser.evaluate("document.querySelectorAll('#rows > details[open]').length") == 14
    browser.evaluate("document.getElementById('close').click()")
    assert browser.evaluate("document.querySelectorAll('#rows > details[open]').length") == 0


def test_a_link_to_a_row_opens_it(browser: Browser, tmp_path: Path) -> None:
    browser.open(written(tmp_path, every_verdict()), fragment="#e3")
    assert browser.evaluate("document.getElementById('e3').open") is True


def press(browser: Browser, key: str, text: str = "") -> None:
    for kind in ("keyDown", "keyUp"):
        browser.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, text=text if kind == "keyDown" else "",
                     windowsVirtualKeyCode={"Tab": 9, "Enter": 13, "ArrowRight": 39}[key])  # fmt: skip


def test_the_keyboard_reaches_everything(browser: Browser, tmp_path: Path) -> None:
    browser.open(written(tmp_path, every_verdict()))
    reached: list[Any] = []
    for _ in range(40):
        press(browser, "Tab")
        reached.append(browser.evaluate("document.activeElement.id || document.activeElement.tagName"))
        if reached[-1] == "v-all":
            press(browser, "ArrowRight")
            assert set(browser.evaluate(SHOWN)) == {"r untrusted"}
            browser.evaluate("document.getElementById('v-all').click()")
        if browser.evaluate("document.activeElement.parentElement.id") == "e2":
            press(browser, "Enter", "\r")
            assert browser.evaluate("document.getElementById('e2').open") is True
            break
    assert reached[0] == "A"
    assert {"v-all", "search", "open", "close", "group", "SUMMARY"} <= set(reached)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_words_neither_run_nor_break_the_page(browser: Browser, tmp_path: Path, name: str) -> None:
    for width, height in SIZES[:2]:
        page = written(tmp_path, hostile(HOSTILE[name]))
        browser.open(page, width=width, height=height)
        browser.evaluate(OPEN_ALL)
        assert browser.evaluate("typeof window.pwned") == "undefined"
        assert browser.complaints == [] and browser.requests == [page.as_uri()]
        assert browser.evaluate("document.documentElement.scrollWidth") <= width
        assert browser.evaluate("document.querySelectorAll('body > *').length") == 6


def test_the_empty_page_and_the_index(browser: Browser, tmp_path: Path) -> None:
    browser.open(written(tmp_path, report_of()))
    assert browser.complaints == []
    assert "This says nothing about pinning" in browser.evaluate("document.body.innerText")
    listed = tmp_path / "index.html"
    listed.write_text(index.render([index.entry_of(document(every_verdict()), "app/s1")] * 3))
    for dark in (False, True):
        browser.open(listed, dark=dark)
        assert browser.complaints == []
        assert min(browser.evaluate(CONTRASTS).values()) >= 6


def test_it_prints(browser: Browser, tmp_path: Path) -> None:
    browser.open(written(tmp_path, every_verdict()), fragment="#e2")
    assert browser.pdf().startswith(b"%PDF-")


def test_ten_thousand_endpoints_open(browser: Browser, tmp_path: Path) -> None:
    """In under four seconds of the page's own processor time, so that a busy machine does not fail the test."""
    few = report_of(*(connection for n in range(40) for connection in times(2, make.accepted(f"h{n}.example"))))
    many = replace(few, endpoints=few.endpoints * 250)
    page = written(tmp_path, many)
    assert page.stat().st_size < 10_000_000
    browser.call("Performance.enable", timeDomain="threadTicks")
    browser.open(page)
    metrics = {one["name"]: one["value"] for one in browser.call("Performance.getMetrics")["metrics"]}
    assert browser.complaints == []
    assert browser.evaluate("document.querySelectorAll('#rows > .r').length") == 10_000
    assert metrics["TaskDuration"] < 4
