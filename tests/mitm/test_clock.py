"""The clock has the precision that a journal line keeps, and goes on whatever becomes of the machine's."""

from __future__ import annotations

import json
import time

import pytest

from pinprobe.mitm.clock import CLOCK, Clock, now_s


def test_a_time_survives_its_line() -> None:
    CLOCK.set()
    before = time.time()
    times = [now_s() for _ in range(1000)]
    assert all(json.loads(json.dumps(at_s)) == at_s == round(at_s, 6) for at_s in times)
    assert times == sorted(times)
    assert before - 1e-6 <= times[0] <= times[-1] <= time.time() + 1e-6


def test_it_says_how_far_the_machines_clock_was_moved() -> None:
    """A clock that was set an hour ago, as it were; what really happens is in tests/live/test_troubles.py."""
    clock = Clock()
    assert abs(clock.moved_s()) < 1
    clock._ahead_s -= 3600
    assert clock.moved_s() == pytest.approx(3600, abs=1)
    assert clock.now_s() == pytest.approx(time.time() - 3600, abs=1)
    clock.set()
    assert abs(clock.moved_s()) < 1
