"""The list of all reports cannot be written: a folder has its name."""

from __future__ import annotations

from pathlib import Path

from stressing.troubles.trouble import Stage, Trouble, again, nothing, on


def before(reports: Path) -> None:
    """It is in the way from the start."""
    (reports / "index.html").mkdir(parents=True)


def relieve(stage: Stage) -> None:
    """It is gone."""
    (stage.reports / "index.html").rmdir()


LIST_BLOCKED = Trouble(
    name="list blocked",
    about="index.html of all reports cannot be written",
    before=before,
    strike=nothing,
    relieve=relieve,
    said=(on(r"index\.html", "Is a directory"),),
    again=(again(r"index\.html"),),
    noticed=(
        r"The list of reports could not be written since \S+ \(Is a directory\)",
        r"The list of reports is written again since \S+: nothing is missing",
    ),
)
