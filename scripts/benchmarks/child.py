"""What a command took, from its start to its end: for commands that do one thing and are done."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from benchmarks.process import peak_memory_mb

LOOK_S = 0.005
"""Between two looks at a running child."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """Seconds by the clock and of the processor, and the most memory that was resident."""

    seconds: float
    cpu_s: float
    peak_mb: float


def took(command: Sequence[str]) -> Took:
    """Run it to its end. Raises RuntimeError with its last words where it fails; ended if this is interrupted."""
    with tempfile.TemporaryFile() as said:
        began_s = time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT)
        peak_mb = 0.0
        try:
            # Asked while it runs: what the system tells of an ended child counts the parent's memory in, from the fork.
            while not (ended := os.wait4(process.pid, os.WNOHANG))[0]:
                with suppress(OSError, RuntimeError):  # it ended just now
                    peak_mb = peak_memory_mb(process.pid)
                time.sleep(LOOK_S)
        except BaseException:
            process.kill()
            process.wait()
            raise
        seconds = time.monotonic() - began_s
        _, status, used = ended
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise RuntimeError(
                f"{command[0]} ended with {process.returncode}: {said.read()[-2000:].decode(errors='replace')}"
            )
    return Took(seconds=seconds, cpu_s=used.ru_utime + used.ru_stime, peak_mb=peak_mb)
