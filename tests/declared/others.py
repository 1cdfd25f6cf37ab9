"""APKs that others made: Appium's drivers, from their npm packages; fetched once, kept outside git."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

PACKAGES = ("io.appium.settings@8.0.10", "appium-uiautomator2-server@10.6.6")
KEPT = Path(__file__).parents[2] / "build" / "apks"
NPM = shutil.which("npm")
MISSING = "no npm to fetch Appium's APKs with: apt-get install npm"
LIMIT_S = 120


def apks(package: str) -> list[Path]:
    """The APKs in an npm package, fetched where they are not there yet. Raises CalledProcessError where npm cannot."""
    kept = KEPT / package
    if not kept.is_dir():
        _fetch(package, kept)
    return sorted(kept.iterdir())


def _fetch(package: str, to: Path) -> None:
    """Into a folder of our own, then put in place: two test runs may do so at once."""
    assert NPM is not None, MISSING
    to.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=to.parent, prefix=".npm-") as folder:
        subprocess.run(
            [NPM, "pack", package, "--pack-destination", folder],
            check=True,
            timeout=LIMIT_S,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        (packed,) = Path(folder).glob("*.tgz")
        made = Path(folder, "apks")
        made.mkdir()
        with tarfile.open(packed) as archive:
            for member in archive:
                if member.name.endswith(".apk") and (content := archive.extractfile(member)) is not None:
                    (made / Path(member.name).name).write_bytes(content.read())
        if not to.is_dir():
            os.replace(made, to)
