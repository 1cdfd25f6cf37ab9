"""Free text as the name of a folder."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.report.samples import HOSTILE

from pinprobe.report.folders import NAME_LENGTH, folder_name


@pytest.mark.parametrize("text", ["com.example.app", "unattributed", "my-app_2", "a"])
def test_plain_names_stay_as_they_are(text: str) -> None:
    assert folder_name(text) == text


@pytest.mark.parametrize(
    ("text", "stem"),
    [
        ("com.Example.App", "com.Example.App"),
        ("My App!", "My_App"),
        ("../../etc", "etc"),
        ("/etc/passwd", "etc_passwd"),
        ("..", ""),
        (".hidden", "hidden"),
        ("ends.", "ends"),
        ("", ""),
        ("con", "_con"),
        ("aux.txt", "_aux.txt"),
        ("index.html", "index.html"),
        ("a-0123456789", "a-0123456789"),
        ("ключ", ""),
    ],
)
def test_anything_else_ends_in_a_hash(text: str, stem: str) -> None:
    name = folder_name(text)
    assert name.startswith(stem)
    assert len(name.rpartition("-")[2]) == 10


@given(st.text(st.characters()) | st.sampled_from(sorted(HOSTILE.values())))
def test_a_name_is_one_plain_part_of_a_path(text: str) -> None:
    name = folder_name(text)
    assert 0 < len(name) <= NAME_LENGTH
    assert name.isascii() and name.isprintable() and not set(name) & set('<>:"/\\|?* ')
    assert PurePosixPath(name).name == PureWindowsPath(name).name == name
    assert name[0] not in ".-" and name[-1] not in ". "


@given(st.lists(st.text("aA.-_/0é ", max_size=12), unique=True))
def test_two_texts_never_share_a_folder_even_where_case_is_ignored(texts: list[str]) -> None:
    assert len({folder_name(text).casefold() for text in texts}) == len(texts)


def test_an_altered_name_is_altered_again() -> None:
    once = folder_name("My App")
    assert folder_name(once) != once
