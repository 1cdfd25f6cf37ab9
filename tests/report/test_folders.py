"""Free text as the name of a folder."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path, PurePosixPath, PureWindowsPath

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


RESERVED = ("con", "prn", "aux", "nul", "com0", "com9", "lpt1")
CASES = st.lists(st.booleans(), min_size=4, max_size=4)


@given(
    st.sampled_from(RESERVED), CASES, st.sampled_from(["", ".", ".txt", "..", " ", ".tar.gz", "\x00", ":x", "::$DATA"])
)
def test_no_name_that_windows_keeps(device: str, cases: list[bool], ending: str) -> None:
    text = "".join(c.upper() if up else c for c, up in zip(device, cases, strict=False)) + ending
    assert folder_name(text).partition(".")[0].casefold() not in RESERVED


@given(st.text(st.sampled_from("eé\u0301ſsßKk\u212aﬁfiI\u0130ı.\u202e\u200b"), max_size=8))
def test_two_spellings_of_a_text_are_two_folders_on_every_file_system(text: str) -> None:
    """Some fold case, some compose or decompose characters: a name is the same before and after."""
    spellings = {text, *(unicodedata.normalize(form, text) for form in ("NFC", "NFD", "NFKC", "NFKD"))}
    names = {folder_name(spelling) for spelling in spellings}
    assert len({unicodedata.normalize("NFKD", name).casefold() for name in names}) == len(spellings)


@given(
    st.text(max_size=20)
    | st.sampled_from(["..", "../x", "/", "C:\\x", "a\x00b", "a/../../b", "\\\\host\\share", "~", "-rf"])
)
def test_a_folder_lies_in_the_folder_of_reports(text: str) -> None:
    reports = Path("/reports")
    assert Path(os.path.normpath(reports / folder_name(text))).parent == reports


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_the_system_takes_every_name(text: str, tmp_path: Path) -> None:
    (tmp_path / folder_name(text)).mkdir()
    assert [path.name for path in tmp_path.iterdir()] == [folder_name(text)]
