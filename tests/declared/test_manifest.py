"""Manifests as aapt2 compiles them: what Android fills in, and values that are references."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
from tests.android.builder import build_apk

from pinprobe.declared import axml, manifest
from pinprobe.declared.arsc import Table
from pinprobe.declared.manifest import Manifest


def read(folder: Path, **said: Any) -> Manifest:
    with zipfile.ZipFile(build_apk(folder, **said)) as archive:
        table = Table(archive.read("resources.arsc")) if "resources.arsc" in archive.namelist() else None
        root = axml.parse(archive.read("AndroidManifest.xml"))
    return manifest.read(root, lambda resource: [] if table is None else table.values(resource))


def test_what_is_said(tmp_path: Path) -> None:
    said = read(tmp_path, package="com.example.one", version_name="2.5-β", version_code=17, min_sdk=26, target_sdk=35)
    assert said == Manifest(
        package="com.example.one",
        split="",
        version_name="2.5-β",
        version_code=17,
        min_sdk=26,
        target_sdk=35,
        debuggable=False,
        cleartext=None,
        config=None,
        needs_splits=False,
    )


def test_the_switches_and_the_config(tmp_path: Path) -> None:
    said = read(tmp_path, debuggable=True, cleartext=False, nsc="<network-security-config/>")
    assert said.debuggable and said.cleartext is False
    assert said.config is not None and said.config >> 24 == 0x7F


@pytest.mark.parametrize(("minimum", "target", "expected"), [(None, None, 1), (22, None, 22), (21, 33, 33)])
def test_the_target_as_android_fills_it_in(
    tmp_path: Path, minimum: int | None, target: int | None, expected: int
) -> None:
    assert read(tmp_path, min_sdk=minimum, target_sdk=target).target_sdk == expected


def test_a_split_says_so(tmp_path: Path) -> None:
    assert read(tmp_path, split="config.en").split == "config.en"


def test_values_that_are_references(tmp_path: Path) -> None:
    values = b'<resources><bool name="d">true</bool><string name="v">9.9</string></resources>'
    said = read(
        tmp_path,
        resources={"values/v.xml": values},
        version_name="@string/v",
        application_attributes='android:debuggable="@bool/d"',
    )
    assert said.debuggable and said.version_name == "9.9"


def test_a_wide_version_code(tmp_path: Path) -> None:
    assert read(tmp_path, manifest_attributes='android:versionCodeMajor="2"').version_code == (2 << 32) + 1
