"""A policy named on the command line; tests/policy asks what it says."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.disk import APP

from pinprobe.cli.exits import Exit, Failed
from pinprobe.cli.policies import read_policy


@pytest.mark.parametrize("text", ["version: 1\n", f"version: 1\napp: {APP}\n"])
def test_a_policy_for_any_app_or_for_this_one(tmp_path: Path, text: str) -> None:
    (tmp_path / "p.yaml").write_text(text)
    assert read_policy(tmp_path / "p.yaml", APP).name == "p.yaml"


@pytest.mark.parametrize("text", ["version: 1\napp: other\n", "version: 3\n", "\x00"])
def test_any_other_is_wrong_usage(tmp_path: Path, text: str) -> None:
    (tmp_path / "p.yaml").write_text(text)
    with pytest.raises(Failed, match=r"p\.yaml") as caught:
        read_policy(tmp_path / "p.yaml", APP)
    assert caught.value.code == Exit.USAGE
