"""The live page in a real browser: it follows the report, and leaves its reader where they are."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from tests import builders as make
from tests.report.chromium import CHROMIUM, MISSING, Browser, chromium
from tests.report.samples import every_verdict, report_of, times

from pinprobe.mitm.live import pages as pages_module
from pinprobe.mitm.live.pages import Pages
from pinprobe.mitm.live.server import LiveServer
from pinprobe.report.files import rendered
from pinprobe.report.model import Report

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=MISSING)

HOST = "login.example.com"
OPEN = """[...document.querySelectorAll('#rows > details[open] > summary')].map(one => one.children[1].textContent)"""
ROW = f"[...document.querySelectorAll('#rows > .r')].find(one => one.textContent.includes('{HOST}'))"
TOLD = "document.querySelector('.brand').textContent"


class Shown:
    """A server in a thread of its own."""

    def __init__(self) -> None:
        self.pages = Pages()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.server = asyncio.run_coroutine_threadsafe(self._begin(), self._loop).result(5)
        self.url = f"http://127.0.0.1:{self.server.port}/"

    async def _begin(self) -> LiveServer:
        return LiveServer(0, self.pages, set())

    def show(self, report: Report) -> None:
        self.pages.show(rendered(report))

    async def _end(self) -> None:
        self.server.stop()
        await asyncio.sleep(0.05)

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(5)

    def close(self) -> None:
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with chromium(tmp_path_factory.mktemp("profile")) as started:
        yield started


@pytest.fixture
def shown() -> Iterator[Shown]:
    made = Shown()
    yield made
    made.close()


def visit(browser: Browser, shown: Shown, *, scripts: bool = True) -> None:
    """Open the page, and mark it: a mark is gone when it was loaded anew."""
    browser._events.clear()
    browser.call("Emulation.setDeviceMetricsOverride", width=1280, height=500, deviceScaleFactor=1, mobile=False)
    browser.call("Emulation.setScriptExecutionDisabled", value=not scripts)
    browser.call("Page.navigate", url=shown.url)
    assert until(browser, "document.readyState === 'complete' && location.port !== ''")
    browser.evaluate("window.marked = true")


def until(browser: Browser, true: str, timeout_s: float = 8.0) -> bool:
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if value(browser, true):
            return True
        time.sleep(0.1)
    return False


def value(browser: Browser, expression: str) -> Any:
    try:
        return browser.evaluate(expression)
    except AssertionError:
        return None  # between two pages


def more_urgent() -> Report:
    """The same app later: a worse endpoint comes first, and every number moves."""
    return report_of(
        *times(3, make.accepted_unknown_ca("a-new-one.example.com")),
        *times(3, make.accepted("api.example.com")),
        *times(3, make.refused_alert(HOST)),
        *times(2, make.relayed_ok(HOST)),
        *(connection for n in range(30) for connection in times(2, make.accepted(f"h{n:02}.example.net"))),
    )


def test_it_is_loaded_anew_when_the_report_changed_and_only_then(
    browser: Browser, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages_module, "REFRESH_S", 1)
    shown.show(every_verdict())
    visit(browser, shown)
    time.sleep(5.0)
    assert value(browser, "window.marked"), "with scripts the header Refresh is not heeded"
    assert value(browser, TOLD) == "pinprobe · live"
    assert browser.complaints == []
    assert set(browser.requests) == {shown.url}
    shown.show(more_urgent())
    assert until(browser, "!window.marked && document.body.textContent.includes('a-new-one')")


def test_the_reader_stays_where_they_are(browser: Browser, shown: Shown) -> None:
    shown.show(every_verdict())
    visit(browser, shown)
    browser.evaluate(f"location.hash = {ROW}.id; document.querySelector('header details.facts').open = true; 0")
    browser.evaluate(f"{ROW}.querySelector('summary').focus(); {ROW}.scrollIntoView(); 0")
    before = value(browser, OPEN)
    assert len(before) == 1 and HOST in before[0]
    number, top = (value(browser, f"{ROW}.{what}") for what in ("id", "getBoundingClientRect().top"))
    shown.show(more_urgent())
    assert until(browser, "!window.marked && document.readyState === 'complete'")
    time.sleep(0.4)
    assert value(browser, OPEN) == before
    assert value(browser, f"{ROW}.id") != number, "rows are numbered by urgency"
    assert abs(value(browser, f"{ROW}.getBoundingClientRect().top") - top) < 3
    assert value(browser, f"{ROW}.contains(document.activeElement)")
    assert value(browser, "document.querySelector('header details.facts').open")
    assert value(browser, "history.state") is None


def test_filters_and_words_stay(browser: Browser, shown: Shown) -> None:
    shown.show(every_verdict())
    visit(browser, shown)
    browser.evaluate(
        "document.getElementById('group').click(); document.getElementById('v-unpinned').click();"
        "(box => { box.focus(); box.value = 'api'; box.dispatchEvent(new Event('input', {bubbles: true})); })"
        "(document.getElementById('search'))"
    )
    shown.show(more_urgent())
    assert until(browser, "!window.marked && document.readyState === 'complete'")
    assert until(browser, "document.getElementById('count').textContent.startsWith('1 of')", 2.0)
    assert value(browser, "document.getElementById('search').value") == "api"
    assert until(browser, "document.activeElement.id === 'search'", 2.0)
    assert value(browser, "document.getElementById('v-unpinned').checked")
    assert value(browser, "document.getElementById('group').getAttribute('aria-pressed')") == "true"


def test_a_selection_is_not_taken_away(browser: Browser, shown: Shown) -> None:
    shown.show(every_verdict())
    visit(browser, shown)
    browser.evaluate("getSelection().selectAllChildren(document.querySelector('h1'))")
    shown.show(more_urgent())
    time.sleep(3.0)
    assert value(browser, "window.marked")
    browser.evaluate("getSelection().removeAllRanges()")
    assert until(browser, "!window.marked")


def test_without_scripts_the_browser_loads_it_anew(
    browser: Browser, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages_module, "REFRESH_S", 1)
    shown.show(every_verdict())
    visit(browser, shown, scripts=False)
    shown.show(more_urgent())
    assert until(browser, "!window.marked && document.body.textContent.includes('a-new-one')")


def test_the_end_of_the_proxy_is_said_and_the_page_stays(browser: Browser, shown: Shown) -> None:
    shown.show(every_verdict())
    visit(browser, shown)
    shown.stop()
    assert until(browser, f"{TOLD}.includes('the proxy has ended')")
    assert value(browser, "window.marked")


def test_before_the_first_report_the_browser_waits(browser: Browser, shown: Shown) -> None:
    visit(browser, shown)
    shown.show(every_verdict())
    assert until(browser, f"{TOLD} === 'pinprobe · live'")
