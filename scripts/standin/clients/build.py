"""Compiles a client at first use, and again only when its source or the command has changed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from standin.clients.base import CACHE


def build(sources: Sequence[Path], output: str, command: Sequence[str]) -> Path:
    """Run `command` with {out} replaced; returns the folder that holds the compiled `output`."""
    recipe = hashlib.sha256("\0".join(command).encode())
    for source in sources:
        recipe.update(source.read_bytes())
    cache = Path(os.environ.get("STANDIN_CACHE", CACHE))
    folder = cache / f"{sources[0].stem}-{recipe.hexdigest()[:16]}"
    if (folder / output).exists():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    # Built aside and moved in whole: two test processes may come here at the same time.
    with tempfile.TemporaryDirectory(dir=cache) as aside:
        made = Path(aside) / "out"
        made.mkdir()
        filled = [part.replace("{out}", str(made)) for part in command]
        done = subprocess.run(filled, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{' '.join(filled)} failed:\n{done.stdout}{done.stderr}")
        try:
            made.rename(folder)
        except OSError:
            if not (folder / output).exists():
                raise
    return folder
