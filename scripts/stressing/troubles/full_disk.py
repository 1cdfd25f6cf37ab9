"""The disk is full: a small tmpfs, filled up by a file of somebody else's."""

from __future__ import annotations

import contextlib

from stressing.troubles.trouble import Stage, Trouble, again, no_mounts, on

BALLAST = "ballast"
CHUNK = b"\0" * 4096


def strike(stage: Stage) -> None:
    """Not a byte is left."""
    with contextlib.suppress(OSError), (stage.disk / BALLAST).open("wb", buffering=0) as file:
        while file.write(CHUNK):
            pass


def relieve(stage: Stage) -> None:
    """There is room again."""
    (stage.disk / BALLAST).unlink()


FULL_DISK = Trouble(
    name="full disk",
    about="a small file system is filled up",
    strike=strike,
    relieve=relieve,
    missing=no_mounts,
    said=(on(r"journal\.jsonl", "No space left on device"), on(r"report\.html", "No space left on device")),
    again=(again(r"journal\.jsonl"), again(r"report\.html")),
    noticed=(
        r"The journal could not be written since \S+ \(No space left on device\)",
        r"The journal is written again since \S+: nothing is missing",
        r"The report could not be written since \S+ \(No space left on device\)",
        r"The report is written again since \S+: nothing is missing",
    ),
)
