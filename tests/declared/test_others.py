"""Real APKs that others made are read without a problem, and as aapt2 reads them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from tests.android.builder import FRAMEWORK, MISSING, here
from tests.declared import others

from pinprobe.declared import read_app


def badging(apk: Path) -> dict[str, str]:
    """What aapt2 says of an APK."""
    said = subprocess.run(["aapt2", "dump", "badging", apk], capture_output=True, text=True, check=False).stdout
    found = dict(re.findall(r"(\w+)='([^']*)'", said.splitlines()[0]))
    return found | dict(re.findall(r"^(sdkVersion|targetSdkVersion):'(\d+)'", said, re.MULTILINE))


@pytest.mark.parametrize("package", others.PACKAGES)
def test_appiums_apks(package: str) -> None:
    if not here():
        pytest.skip(MISSING)
    if others.NPM is None and not (others.KEPT / package).is_dir():
        pytest.skip(others.MISSING)
    apks = others.apks(package)
    assert apks
    for apk in apks:
        app = read_app([apk]).app(None, 0.0)
        said = badging(apk)
        assert (app.package, app.version_name) == (said["name"], said["versionName"])
        assert ("" if app.version_code is None else str(app.version_code)) == said["versionCode"]
        assert (str(app.min_sdk), str(app.target_sdk)) == (said["sdkVersion"], said["targetSdkVersion"])
        assert app.problems == ()


def test_the_framework_itself() -> None:
    """45 MB, ten thousand compiled files, and a resource table of its own kind."""
    if not here():
        pytest.skip(MISSING)
    app = read_app([FRAMEWORK]).app(None, 0.0)
    assert (app.package, app.problems) == ("android", ())
