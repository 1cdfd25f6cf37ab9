"""Which app a package is, from its manifest alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.android.builder import build_apk

from pinprobe.declared import PackageError, read_app
from pinprobe.declared.naming import package_name


def test_the_name_is_that_of_the_whole_reading(tmp_path: Path) -> None:
    base = build_apk(tmp_path, name="base.apk", package="com.shop.test")
    split = build_apk(tmp_path, name="split_en.apk", package="com.shop.test", split="config.en")
    for paths in ([base], [split, base], [tmp_path]):
        assert package_name(paths) == "com.shop.test" == read_app(paths).app(None, 0.0).package


def test_what_is_no_package_has_no_name(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("not an app")
    with pytest.raises(PackageError, match=r"notes\.txt is no ZIP archive"):
        package_name([file])
