"""A phase marked by a file: read once, and taken away."""

from __future__ import annotations

from pathlib import Path

import pytest

from pinprobe.journal import MARK
from pinprobe.mitm.marks import LONGEST, take_mark


def test_without_a_file_there_is_no_mark(tmp_path: Path) -> None:
    assert take_mark(tmp_path) is None


WORDS = {
    "a word": (b"control", "control"),
    "a line": (b"control\n", "control"),
    "with spaces": (b"  test \r\n", "test"),
    "empty": (b"", ""),
    "no phase": (b"holiday", "holiday"),
    "no text": (b"\xff\x00", "\ufffd\x00"),
    "long": (b"a" * 10 * LONGEST, "a" * LONGEST),
}


@pytest.mark.parametrize(("content", "word"), WORDS.values(), ids=WORDS.keys())
def test_its_word_is_read_and_the_file_is_gone(tmp_path: Path, content: bytes, word: str) -> None:
    (tmp_path / MARK).write_bytes(content)
    assert take_mark(tmp_path) == word
    assert list(tmp_path.iterdir()) == []
    assert take_mark(tmp_path) is None


def test_what_is_no_file_is_the_systems_error(tmp_path: Path) -> None:
    (tmp_path / MARK).mkdir()
    with pytest.raises(OSError):
        take_mark(tmp_path)


def test_a_folder_that_is_gone_has_no_mark(tmp_path: Path) -> None:
    assert take_mark(tmp_path / "gone") is None
