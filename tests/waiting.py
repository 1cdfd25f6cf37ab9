"""To wait until something is so."""

from __future__ import annotations

import time
from collections.abc import Callable

STEP_S = 0.02


def eventually(true: Callable[[], object], timeout_s: float = 30.0) -> bool:
    """Poll until it is so; a loaded machine takes its time, and a wait that fails is a failed test anyway."""
    deadline = time.monotonic() + timeout_s
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(STEP_S)
    return True
