"""Starts mitmdumps without importing mitmproxy anew for each: half of what a short one costs (Linux).

with Forge() as forge:
    Proxy(…, forge=forge)
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Self

SCRIPTS = Path(__file__).parents[1]
WORKS_HERE = sys.platform == "linux"


class Forked:
    """A process of the forge's, as `subprocess.Popen` shows one of our own."""

    def __init__(self, stdout: IO[str], status: int) -> None:
        self.stdout = stdout
        self.returncode: int | None = None
        self._status = status
        self.pid = int(self._line())

    def poll(self) -> int | None:
        """Its exit status, negative for a signal; None while it runs."""
        return self._ended(0.0)

    def wait(self, timeout: float | None = None) -> int:
        """Raises subprocess.TimeoutExpired as `Popen.wait` does."""
        if (ended := self._ended(timeout)) is None:
            raise subprocess.TimeoutExpired("mitmdump", timeout or 0.0)
        return ended

    def send_signal(self, how: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self.pid, how)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _ended(self, timeout_s: float | None) -> int | None:
        if self.returncode is None and select.select([self._status], [], [], timeout_s)[0]:
            # Nothing at all: who was to tell has been killed.
            self.returncode = int(self._line() or -signal.SIGKILL)
            os.close(self._status)
        return self.returncode

    def _line(self) -> bytes:
        line = b""
        while not line.endswith(b"\n") and (byte := os.read(self._status, 1)):
            line += byte
        return line


class Forge:
    """Ready on entry; on exit it ends, and those it made go on."""

    def __enter__(self) -> Self:
        self._asked, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._lock = threading.Lock()
        path = os.pathsep.join([str(SCRIPTS), str(SCRIPTS.parent / "addon")])
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "standin.forkserver"],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1"},
            )
        return self

    def __exit__(self, *error: object) -> None:
        self._asked.close()
        self._process.wait()

    def start(self, command: Sequence[str], environment: Mapping[str, str]) -> Forked:
        """A mitmdump with these arguments and this environment."""
        printed, theirs = os.pipe()
        status, told = os.pipe()
        program, *arguments = command
        message = json.dumps({"program": program, "arguments": arguments, "environment": dict(environment)}).encode()
        with self._lock:
            socket.send_fds(self._asked, [message], [theirs, told])
        os.close(theirs)
        os.close(told)
        return Forked(os.fdopen(printed, "r", encoding="utf-8", errors="replace"), status)
