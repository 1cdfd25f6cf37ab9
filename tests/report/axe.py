"""axe-core, which looks for what keeps people out of a page: fetched once with npm, kept outside git, and injected."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from tests.report.chromium import Browser

VERSION = "4.14.1"
KEPT = Path(__file__).parents[2] / "build" / "axe" / f"axe-{VERSION}.min.js"
NPM = shutil.which("npm")
MISSING = "no npm to fetch axe-core with: apt-get install npm"
GRAVE = frozenset({"serious", "critical"})
LIMIT_S = 120

_RUN = """axe.run(document, {resultTypes: ['violations'], rules: {'target-size': {enabled: true}}}).then(found => found.violations.map(one => (
  {id: one.id, impact: one.impact, places: one.nodes.slice(0, 3).map(node => node.html.slice(0, 200))})))"""


def source() -> str:
    """The script, fetched where it is not there yet. Raises CalledProcessError where npm cannot."""
    if not KEPT.exists():
        _fetch(KEPT)
    return KEPT.read_text(encoding="utf-8")


def _fetch(to: Path) -> None:
    """Install into a folder of our own, then put the one file in its place: two test runs may do so at once."""
    assert NPM is not None, MISSING
    to.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=to.parent, prefix=".npm-") as folder:
        quiet = ("--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund")
        subprocess.run(
            [NPM, "install", "--prefix", folder, *quiet, f"axe-core@{VERSION}"],
            check=True,
            timeout=LIMIT_S,
            stdout=subprocess.DEVNULL,
        )
        os.replace(Path(folder) / "node_modules" / "axe-core" / "axe.min.js", to)


def violations(browser: Browser, script: str) -> list[dict[str, Any]]:
    """What it finds on the page that is open."""
    browser.evaluate(f"{script}; void 0")
    found: list[dict[str, Any]] = browser.evaluate(_RUN)
    return found


def grave(found: list[dict[str, Any]]) -> str:
    """The serious ones in words; empty where there are none."""
    return "\n".join(json.dumps(one) for one in found if one["impact"] in GRAVE)
