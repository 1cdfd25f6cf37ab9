"""Somebody removes the session's folder, or all of them, under a running proxy."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

from stressing.troubles.trouble import Stage, Trouble

TRIES = 20
SAID = (r"journal\.jsonl was taken away, and is written anew: nothing is missing",)
NOTICED = (r"The journal was taken away, and written anew at \S+: nothing is missing",)


def _remove(folder: Path) -> None:
    """As `rm -rf` does, again where something was put there meanwhile."""
    for _ in range(TRIES):
        with contextlib.suppress(OSError):
            shutil.rmtree(folder)
            return
    raise RuntimeError(f"{folder} cannot be removed")


def remove_session(stage: Stage) -> None:
    """The session's folder."""
    _remove(stage.session)


def remove_all(stage: Stage) -> None:
    """Every report there is, and their folder."""
    _remove(stage.reports)


SESSION_REMOVED = Trouble(
    name="session removed", about="the session's folder is removed", strike=remove_session, said=SAID, noticed=NOTICED
)
ALL_REMOVED = Trouble(
    name="reports removed", about="the folder of all reports is removed", strike=remove_all, said=SAID, noticed=NOTICED
)
