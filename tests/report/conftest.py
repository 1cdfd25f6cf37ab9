"""One browser for all tests of a file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.report.chromium import CHROMIUM, MISSING, Browser, chromium


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Headless Chromium; skips where there is none."""
    if CHROMIUM is None:
        pytest.skip(MISSING)
    with chromium(tmp_path_factory.mktemp("profile")) as started:
        yield started
