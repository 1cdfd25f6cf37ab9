"""Words for the device's shell."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.android.fake_adb.shell import Output, tokens

from pinprobe.device.quoting import Glob, quoted

WORDS = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30), min_size=1, max_size=5)
NASTY = [
    "a b",
    "'",
    '"',
    "$(reboot)",
    "`reboot`",
    "; reboot",
    "\n",
    "*",
    "",
    "-n",
    "\\",
    "&& reboot",
    "é",
    "#",
    "~",
    "$?",
]


@given(WORDS)
def test_a_shell_reads_the_same_words(words: list[str]) -> None:
    """The fake's own reader, which is strict."""
    assert [word.text for word in tokens(quoted(words), Output())] == words


def test_a_real_shell_reads_the_same_words() -> None:
    line = "printf '%s\\0' " + quoted(NASTY)
    said = subprocess.run(["sh", "-c", line], capture_output=True, check=True).stdout
    assert said.decode().split("\0")[:-1] == NASTY


def test_a_glob_stays_open_and_is_of_our_own_making() -> None:
    assert quoted(["ls", Glob("/proc/[0-9]*/mountinfo")]) == "ls /proc/[0-9]*/mountinfo"
    for text in ("/a b", "/a;b", "$(x)", "", "/a\n"):
        with pytest.raises(ValueError, match="plain pattern"):
            Glob(text)


def test_a_nul_is_refused() -> None:
    with pytest.raises(ValueError, match="NUL"):
        quoted(["a\0b"])
