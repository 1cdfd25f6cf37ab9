"""One file that is written again and again, for readers that take a path."""

from __future__ import annotations

import atexit
import tempfile
from pathlib import Path


class Scratch:
    """In memory where the system has such a folder."""

    def __init__(self, name: str) -> None:
        shared = Path("/dev/shm")  # noqa: S108  # a private folder is made in it
        folder = tempfile.TemporaryDirectory(prefix="pinprobe-fuzz-", dir=shared if shared.is_dir() else None)
        atexit.register(folder.cleanup)
        self._folder = folder
        self.path = Path(folder.name) / name

    def holding(self, data: bytes) -> Path:
        """The file, with these bytes in it."""
        self.path.write_bytes(data)
        return self.path
