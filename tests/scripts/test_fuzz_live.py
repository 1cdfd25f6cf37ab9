"""Damaged hellos and odd certificates through a real mitmdump: no error of ours in its log, and nobody is blamed."""

from __future__ import annotations

from pathlib import Path

import pytest

from measuring.outcome import Settings
from stressing.fuzz import live

pytestmark = pytest.mark.live


def test_nothing_odd_is_an_error_of_ours_or_a_pin(tmp_path: Path) -> None:
    seen = live.play(Settings(folder=tmp_path, long=False, seed=20_261_126, say=lambda text: None), hellos=60)
    assert (seen.ours, seen.blamed, seen.ordinary) == ((), (), "unpinned")
    assert seen.chains >= 8, "odd chains came as far as pinprobe"
    assert seen.answered >= 20
