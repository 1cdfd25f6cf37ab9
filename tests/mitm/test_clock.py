"""The clock has the precision that a journal line keeps."""

from __future__ import annotations

import json
import time

from pinprobe.mitm.clock import now_s


def test_a_time_survives_its_line() -> None:
    before = time.time()
    times = [now_s() for _ in range(1000)]
    assert all(json.loads(json.dumps(at_s)) == at_s == round(at_s, 6) for at_s in times)
    assert times == sorted(times)
    assert before - 1e-6 <= times[0] <= times[-1] <= time.time() + 1e-6
