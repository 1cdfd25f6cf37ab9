"""Which of several APKs speaks for the app."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.android.builder import build_apk
from tests.declared.compiled import Zipped, compiled, tree, zipped

from pinprobe.declared.base import base_of
from pinprobe.declared.package import MANIFEST, PackageError, open_package


def split(folder: Path, name: str, version: int = 1) -> Path:
    return build_apk(folder, name=f"split_{name}.apk", split=name, version_code=version)


def test_the_one_without_a_splits_name(tmp_path: Path) -> None:
    paths = [split(tmp_path, "config.en"), build_apk(tmp_path, name="odd.apk"), split(tmp_path, "config.de")]
    with open_package(paths) as package:
        apk, said = base_of(package)
        assert apk.label == "odd.apk" and said.split == "" and package.problems == []


def test_a_split_where_there_is_no_other(tmp_path: Path) -> None:
    with open_package([split(tmp_path, "config.en")]) as package:
        assert base_of(package)[1].split == "config.en"
        assert package.problems == [
            "split_config.en.apk: only splits, and no base APK: give base.apk too; its configuration is not known"
        ]


def test_those_that_do_not_belong_are_told(tmp_path: Path) -> None:
    base = build_apk(tmp_path, name="base.apk")
    others = {
        "of another app or version": [split(tmp_path, "late", 2)],
        "a second base APK": [build_apk(tmp_path, name="y.apk", target_sdk=23)],
    }
    for says, apks in others.items():
        for other in apks:
            with open_package([base, other]) as package:
                assert base_of(package)[0].label == "base.apk"
                (said,) = package.problems
                assert said.startswith(f"{other.name}: {says}")


def test_two_apps_are_an_error(tmp_path: Path) -> None:
    """Which of them is under test cannot be guessed."""
    base = build_apk(tmp_path, name="base.apk")
    for other in (
        build_apk(tmp_path, name="x.apk", package="org.x"),
        build_apk(tmp_path, name="z.apk", version_code=2),
    ):
        with (
            open_package([base, other]) as package,
            pytest.raises(PackageError, match=f"base.apk and {other.name} are"),
        ):
            base_of(package)


NEEDS = (
    {"application_attributes": 'android:isSplitRequired="true"'},
    {"application_body": '<meta-data android:name="com.android.vending.splits.required" android:value="true"/>'},
)


@pytest.mark.parametrize("said", NEEDS, ids=["attribute", "meta-data"])
def test_splits_that_are_missing_are_told(tmp_path: Path, said: dict[str, str]) -> None:
    """What is in them was not looked at, so the absence of a library proves nothing."""
    base = build_apk(tmp_path, name="base.apk", **said)  # type: ignore[arg-type]
    with open_package([base]) as package:
        base_of(package)
        (problem,) = package.problems
        assert problem.startswith("base.apk: lacks its splits")
    with open_package([base, split(tmp_path, "config.en")]) as package:
        base_of(package)
        assert package.problems == []


@pytest.mark.parametrize(
    "manifest", [b"text", b"", compiled(tree("<other package='a.b'/>")), compiled(tree("<manifest/>"))]
)
def test_no_manifest_at_all_is_an_error_that_names_the_file(tmp_path: Path, manifest: bytes) -> None:
    path = tmp_path / "x.apk"
    path.write_bytes(zipped([Zipped(name=MANIFEST.encode(), content=manifest)]))
    with open_package([path]) as package, pytest.raises(PackageError, match=r"x\.apk: no AndroidManifest\.xml"):
        base_of(package)
