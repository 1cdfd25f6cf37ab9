"""A fake device for every test that wants one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.device.phones import Bench


@pytest.fixture(scope="session")
def confdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("confdir")


@pytest.fixture
def make(tmp_path: Path, confdir: Path) -> Callable[..., Bench]:
    """A bench by API level; more are told apart by their serials."""

    def made(api: int = 34, **of_phone: Any) -> Bench:
        return Bench(tmp_path, confdir, api, **of_phone)

    return made
