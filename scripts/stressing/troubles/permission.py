"""The permission is lost: `chmod 000`. The proxy runs without root's right to pass over that."""

from __future__ import annotations

import os
import shutil

from stressing.troubles.trouble import Stage, Trouble, again, on

SETPRIV = "setpriv"


def no_setpriv() -> str:
    """What is missing where root is to have less than all rights."""
    return "" if os.geteuid() != 0 or shutil.which(SETPRIV) else "needs setpriv: apt-get install util-linux"


def strike(stage: Stage) -> None:
    """Nobody may enter the session's folder."""
    stage.session.chmod(0)


def relieve(stage: Stage) -> None:
    """Its owner may again."""
    stage.session.chmod(0o700)


PERMISSION_LOST = Trouble(
    name="permission lost",
    about="the session's folder is closed to everybody",
    strike=strike,
    missing=no_setpriv,
    relieve=relieve,
    said=(on(r"report\.html", "Permission denied"),),
    again=(again(r"report\.html"),),
    noticed=(
        r"The report could not be written since \S+ \(Permission denied\)",
        r"The report is written again since \S+: nothing is missing",
    ),
)
