"""Folders that hold what a device was like are their owner's alone, whatever the umask."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from pinprobe.device.private import make_private


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_all_that_were_missing_are_private_and_the_others_stay(tmp_path: Path, mask: int) -> None:
    tmp_path.chmod(0o755)
    before = os.umask(mask)
    try:
        for _ in range(2):
            make_private(tmp_path / "state" / "pinprobe" / "devices")
    finally:
        os.umask(before)
    made = [path for path in tmp_path.rglob("*") if path.is_dir()]
    assert len(made) == 3 and {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o700}
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_a_file_in_the_way_is_the_systems_refusal(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError):
        make_private(tmp_path / "file" / "below")
