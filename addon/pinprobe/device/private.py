"""Folders for their owner alone. Raises OSError as the system does."""

from pathlib import Path


def make_private(folder: Path) -> None:
    """Make a folder and what is missing above it, all of mode 0700: `mkdir` gives its mode to the last one only."""
    if not folder.is_dir():
        make_private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
