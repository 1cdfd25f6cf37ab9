"""The folder becomes read-only: another mount of it, which is, hides the one that was.

The journal is open, so that it goes on; the kernel makes no file system read-only while a file is open for writing.
"""

from __future__ import annotations

import subprocess

from stressing.troubles.trouble import Stage, Trouble, again, no_mounts, on


def strike(stage: Stage) -> None:
    """Nothing can be made or replaced there."""
    subprocess.run(["mount", "--bind", stage.reports, stage.reports], check=True, timeout=20)
    subprocess.run(["mount", "-o", "remount,bind,ro", stage.reports], check=True, timeout=20)


def relieve(stage: Stage) -> None:
    """The writable one is seen again."""
    subprocess.run(["umount", stage.reports], check=True, timeout=20)


READ_ONLY = Trouble(
    name="read-only folder",
    about="the folder of reports is mounted read-only",
    strike=strike,
    relieve=relieve,
    missing=no_mounts,
    said=(on(r"report\.html", "Read-only file system"),),
    again=(again(r"report\.html"),),
    noticed=(
        r"The report could not be written since \S+ \(Read-only file system\)",
        r"The report is written again since \S+: nothing is missing",
    ),
)
