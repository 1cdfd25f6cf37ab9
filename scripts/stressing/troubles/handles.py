"""No more file handles. mitmproxy cannot take connections then, which is its own affair; the journal is open already."""

from __future__ import annotations

import resource
import sys

from stressing.troubles.trouble import Stage, Trouble, again, on

LEFT = 4


def _limit(stage: Stage, soft: int) -> None:
    _, hard = resource.prlimit(stage.proxy.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(stage.proxy.pid, resource.RLIMIT_NOFILE, (soft, hard))


def strike(stage: Stage) -> None:
    """What is open stays open, and nothing can be opened."""
    _limit(stage, LEFT)


def relieve(stage: Stage) -> None:
    """As many as ever."""
    _, hard = resource.prlimit(stage.proxy.pid, resource.RLIMIT_NOFILE)
    _limit(stage, hard if hard != resource.RLIM_INFINITY else 1024)


HANDLES = Trouble(
    name="no file handles",
    about="the limit of open files is lowered below what is open",
    strike=strike,
    relieve=relieve,
    missing=lambda: "" if sys.platform == "linux" else "needs Linux",
    said=(on(r"report\.html", "Too many open files"),),
    again=(again(r"report\.html"),),
    noticed=(
        r"The report could not be written since \S+ \(Too many open files\)",
        r"The report is written again since \S+: nothing is missing",
    ),
    serves=False,
)
