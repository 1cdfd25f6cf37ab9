"""A session's folder, for every test of a command."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.disk import one_session


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A session's folder, as the proxy leaves it."""
    return one_session(tmp_path)
