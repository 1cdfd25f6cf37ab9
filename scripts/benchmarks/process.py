"""What another process has used so far, as Linux knows it."""

from __future__ import annotations

import time
from pathlib import Path

CPUCLOCK_SCHED = 2
"""Linux: the clock that counts what the scheduler gave a process, in the lowest bits of the clock's number."""


def cpu_s(pid: int) -> float:
    """Processor time of all its threads, in user and kernel mode, in nanosecond steps. Raises OSError if it is gone."""
    # As clock_getcpuclockid(3) makes it.
    return time.clock_gettime(~pid << 3 | CPUCLOCK_SCHED)


def peak_memory_mb(pid: int) -> float:
    """The most memory it ever had resident."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"/proc/{pid}/status does not tell the peak memory")
