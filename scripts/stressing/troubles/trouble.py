"""What a trouble is: how it begins and ends, and what must be told of it."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from standin.proxy import Proxy

Json = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A running proxy, and where it writes."""

    proxy: Proxy
    disk: Path
    """A small file system of its own, where one can be had."""
    reports: Path
    offset: Path
    """How far the proxy's clock is off, as libfaketime reads it."""

    def live_notices(self) -> list[str]:
        """Those of the live report, which is there also where nothing can be written; empty before the first."""
        found = re.search(r"live report: http://([^/]+)/", self.proxy.output)
        if found is None:
            return []
        connection = http.client.HTTPConnection(found[1], timeout=10)
        try:
            connection.request("GET", "/report.json")
            return [str(one["text"]) for one in json.loads(connection.getresponse().read())["notices"]]
        except (OSError, ValueError):
            return []
        finally:
            connection.close()

    @property
    def session(self) -> Path:
        """The session's folder, also where it is gone."""
        return Path(self.proxy.output.split("recording to ", 1)[1].split("\n", 1)[0].strip())


def nothing(stage: Stage) -> None:
    """It ends by itself, or is over at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One way in which the surroundings fail a proxy."""

    name: str
    about: str
    strike: Callable[[Stage], None]
    relieve: Callable[[Stage], None] = nothing
    missing: Callable[[], str] = lambda: ""
    """Why it cannot be brought about here; empty where it can."""
    before: Callable[[Path], None] | None = None
    """Done to the reports' folder before the proxy starts."""
    said: tuple[str, ...]
    """Patterns of the log, each once."""
    again: tuple[str, ...] = ()
    """Likewise, when it is over."""
    noticed: tuple[str, ...]
    """Patterns of the report's notices, each once at the end; the first is in the live report before that."""
    serves: bool = True
    """mitmproxy itself can serve meanwhile."""
    wrong: Callable[[Json], list[str]] = lambda report: []
    """What else must not be, of the last report."""


@cache
def no_mounts() -> str:
    """Why file systems cannot be mounted here; empty where they can."""
    if sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("mount") or not shutil.which("umount"):
        return "needs Linux, root, and the right to mount"
    with tempfile.TemporaryDirectory() as folder:
        tried = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder], capture_output=True, text=True, check=False)
        if tried.returncode:
            return f"needs the right to mount: {tried.stderr.strip()}"
        subprocess.run(["umount", folder], check=True, timeout=20)
    return ""


def on(path: str, cause: str) -> str:
    """The pattern of a line that says what cannot be written, and why."""
    return rf"cannot write \S*/{path}: {cause}"


def again(path: str) -> str:
    """The pattern of a line that says that it is."""
    return rf"writing \S*/{path} again: nothing is missing"
