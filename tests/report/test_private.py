"""Files that are whole or not there, and nobody else's."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from pinprobe.report.private import make_private, replace_file


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_folder_that_exists_keeps_its_rights(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    make_private(tmp_path / "new")
    make_private(tmp_path / "new")
    assert mode(tmp_path) == 0o755 and mode(tmp_path / "new") == 0o700


def test_a_reader_never_sees_half_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "report.json"
    replace_file(path, "old")

    def full_disk(self: Path, *args: object, **kwargs: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", full_disk)
        with pytest.raises(OSError, match="No space"):
            replace_file(path, "new")
    assert path.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["report.json"]


def test_a_link_left_in_the_way_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "report.json").symlink_to(victim)
    for number in range(4):
        (folder / f".report.json.{number}.tmp").symlink_to(victim)
    replace_file(folder / "report.json", "new")
    assert victim.read_text() == "mine"
    assert not (folder / "report.json").is_symlink()


def test_what_killed_writers_left_does_not_block(tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / f".report.json.{number}.tmp").write_text("half")
    replace_file(tmp_path / "report.json", "whole")
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]
    assert (tmp_path / "report.json").read_text() == "whole"
