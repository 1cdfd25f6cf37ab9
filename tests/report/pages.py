"""What the tests in a browser share: pages as files, and questions to put to them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.report.chromium import Browser

from pinprobe.report import html
from pinprobe.report.model import Report

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
    const ratio = Math.round((pair[0] + .05) / (pair[1] + .05) * 100) / 100;
    const where = one.tagName + '.' + one.className;
    found[where] = Math.min(ratio, found[where] ?? ratio);
  }
  return found; })()"""
"""The least contrast of text (WCAG 2.2, 1.4.3) by element and class."""
KEYS: Mapping[str, int] = {"Tab": 9, "Enter": 13, "Space": 32, "ArrowRight": 39, "ArrowLeft": 37, "ArrowDown": 40}
"""Windows' virtual key codes, by which Chromium knows keys."""


def written(folder: Path, report: Report) -> Path:
    """The report's page as a file."""
    page = folder / "report.html"
    page.write_text(html.render(report), encoding="utf-8")
    return page


def press(browser: Browser, key: str, text: str = "") -> None:
    """One key, down and up."""
    for kind in ("keyDown", "keyUp"):
        pressed = text if kind == "keyDown" else ""
        browser.call(
            "Input.dispatchKeyEvent", type=kind, key=key, code=key, text=pressed, windowsVirtualKeyCode=KEYS[key]
        )
