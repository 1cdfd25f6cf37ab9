"""Files and folders as users give them."""

from __future__ import annotations

from pathlib import Path

import pytest

from pinprobe.declared.given import files_given, safe, why_no_app
from pinprobe.declared.limits import LIMITS, Limits
from pinprobe.declared.problems import PackageError


def test_a_folder_stands_for_the_archives_in_it(tmp_path: Path) -> None:
    for name in ("b.apk", "a.XAPK", "notes.txt", "c.apks"):
        (tmp_path / name).touch()
    (tmp_path / "folder.apk").mkdir()
    (tmp_path / "z.bin").touch()
    found = files_given([tmp_path, tmp_path / "z.bin"], LIMITS)
    assert [path.name for path in found] == ["a.XAPK", "b.apk", "c.apks", "z.bin"], "a file's own name may be any"


def test_paths_that_lead_nowhere_are_named_without_their_folders(tmp_path: Path) -> None:
    (tmp_path / "x.apk").touch()
    (tmp_path / "empty").mkdir()
    paths: list[tuple[list[Path], str]] = [
        ([], "no package given"),
        ([tmp_path / "missing.apk"], "missing.apk does not exist"),
        ([tmp_path / "empty"], "the folder empty holds no APK"),
        ([tmp_path / "x.apk"] * 3, "more than 2 packages"),
    ]
    for given, says in paths:
        with pytest.raises(PackageError, match=says) as raised:
            files_given(given, Limits(apks=2))
        assert str(tmp_path.parent) not in str(raised.value)


def test_why_it_is_no_app() -> None:
    for paths in ({"BundleConfig.pb"}, {"base/manifest/AndroidManifest.xml"}):
        assert "bundletool" in why_no_app(paths)
    assert "neither" in why_no_app({"a"})


def test_names_are_one_line_of_printable_characters() -> None:
    assert safe("a\x1b[31m\n\u202e\0b\ud800") == "a\\x1b[31m\\n\\u202e\\x00b\\ud800"
    assert len(safe("n" * 900)) == 200
