"""kill -9 under load at a random moment and in the middle of a refresh, and SIGTERM: `scripts/stress kills`, small."""

from __future__ import annotations

from pathlib import Path

import pytest

from measuring.outcome import Settings
from stressing import kills

pytestmark = pytest.mark.live

PLAN = kills.Plan(kills=2, terminated=1, interrupted=0, hosts=10, longest_s=1.1)


def test_what_is_left(tmp_path: Path) -> None:
    said: list[str] = []
    outcome = kills.measure(Settings(folder=tmp_path, long=False, seed=1, say=said.append), PLAN)
    assert outcome.wrong == ()
    assert {row[0]: row[1] for row in outcome.rows} == {"SIGKILL": "2", "SIGTERM": "1"}
    assert sum("in a refresh" in line for line in said) == 1
    assert sum(int(row[2]) for row in outcome.rows) > 0, "nobody connected"
