"""axe-core finds nothing serious on the page and the index, opened and closed, in light and dark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.report import axe
from tests.report.chromium import Browser
from tests.report.pages import OPEN_ALL, written
from tests.report.rulings import broken_policy
from tests.report.samples import (
    every_declaration,
    every_degradation,
    every_reading,
    every_verdict,
    report_of,
    several_runs,
)

from pinprobe.report import index
from pinprobe.report.json_format import document
from pinprobe.report.model import Report

REPORTS: dict[str, Callable[[], Report]] = {
    "every_verdict": every_verdict,
    "every_reading": every_reading,
    "every_degradation": every_degradation,
    "every_declaration": every_declaration,
    "several_runs": several_runs,
    "empty": report_of,
    "policy": broken_policy,
}
WIDTHS = (1280, 320)


@pytest.fixture(scope="module")
def script() -> str:
    if axe.NPM is None and not axe.KEPT.exists():
        pytest.skip(axe.MISSING)
    return axe.source()


def listed(folder: Path) -> Path:
    """The index of all samples, with sessions that changed, a joint one and one that cannot be read."""
    made = enumerate([report_of(), every_verdict(), every_verdict(ca_store="user", session_id="s2"), several_runs()])
    entries = [index.entry_of(document(report), f"app/s{number}") for number, report in made]
    page = folder / "index.html"
    page.write_text(index.render(entries, [index.Unread(folder="app/s9", why="no JSON")]), encoding="utf-8")
    return page


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("name", [*REPORTS, "index"])
def test_nothing_serious(browser: Browser, script: str, tmp_path: Path, name: str, dark: bool) -> None:
    page = listed(tmp_path) if name == "index" else written(tmp_path, REPORTS[name]())
    for width in WIDTHS:
        browser.open(page, width=width, dark=dark)
        assert axe.violations(browser, script) == []
        browser.evaluate(OPEN_ALL)
        assert axe.violations(browser, script) == []


def test_it_would_find_something(browser: Browser, script: str, tmp_path: Path) -> None:
    """The tool itself works here: text without contrast and a box without a name are found."""
    page = tmp_path / "bad.html"
    page.write_text(
        "<!doctype html><html lang=en><title>t</title><p style='color:#ccc;background:#fff'>pale</p><input>"
    )
    browser.open(page)
    found = axe.grave(axe.violations(browser, script))
    assert "color-contrast" in found and '"label"' in found
