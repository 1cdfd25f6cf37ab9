"""A virtual environment that holds mitmproxy and what mitmproxy brings, and nothing else.

Nothing is downloaded: the distributions of this very environment are linked into a new one, following
mitmproxy's requirements.
"""

from __future__ import annotations

import re
import sys
import venv
from importlib import metadata
from pathlib import Path

_NAME = re.compile(r"^[A-Za-z0-9._-]+")
_FOR_EXTRA = re.compile(r";.*\bextra\b")


def make(folder: Path) -> Path:
    """The new environment's Python; its `mitmdump` stands beside it."""
    venv.create(folder, with_pip=False, symlinks=True)
    binaries = folder / "bin"
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = folder / "lib" / version / "site-packages"
    for name in sorted(brought_by("mitmproxy")):
        _link(metadata.distribution(name), packages)
    script = binaries / "mitmdump"
    script.write_text(f"#!{binaries / 'python'}\nfrom mitmproxy.tools.main import mitmdump\nmitmdump()\n")
    script.chmod(0o755)
    return binaries / "python"


def brought_by(name: str) -> set[str]:
    """The distribution and everything it requires, as far as it is installed."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        try:
            distribution = metadata.distribution(waiting.pop())
        except metadata.PackageNotFoundError:
            continue  # for another platform
        if distribution.name in found:
            continue
        found.add(distribution.name)
        waiting += [
            named[0]
            for requirement in distribution.requires or []
            if not _FOR_EXTRA.search(requirement) and (named := _NAME.match(requirement))
        ]
    return found


def _link(distribution: metadata.Distribution, packages: Path) -> None:
    for file in distribution.files or []:
        top = file.parts[0]
        if top in {"..", "__pycache__"} or (packages / top).is_symlink():
            continue
        (packages / top).symlink_to(Path(str(distribution.locate_file(top))))
