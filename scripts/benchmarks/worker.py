"""A client's process that takes orders as JSON lines on its standard input, answers each with one, and ends with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

SCRIPTS = Path(__file__).parents[1]


class Worker:
    """Runs a module of this package with some arguments."""

    def __init__(self, module: str, *arguments: str) -> None:
        path = os.pathsep.join([str(SCRIPTS), os.environ.get("PYTHONPATH", "")])
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": path},
        )

    def write(self, order: dict[str, Any]) -> None:
        """Hand over an order."""
        if self._process.stdin is None:
            raise RuntimeError("the worker has no pipe")
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()

    def read(self) -> dict[str, Any]:
        """Wait for its answer. Raises RuntimeError if it ended instead."""
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            raise RuntimeError("a worker ended early; its error is on standard error")
        told: dict[str, Any] = json.loads(line)
        return told

    def end(self, *, kill: bool) -> None:
        """Have it end, after what it is doing or at once."""
        if kill:
            self._process.kill()
        self._process.communicate()
