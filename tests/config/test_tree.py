"""YAML as words, lists and keys with their lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from pinprobe.config import ConfigError, Items, Keys, Tree, Word, read_tree


def tree(tmp_path: Path, text: str) -> Tree | None:
    path = tmp_path / "some.yaml"
    path.write_text(text)
    return read_tree(path, "some.yaml")


def test_words_lists_and_keys_know_their_lines(tmp_path: Path) -> None:
    found = tree(tmp_path, "# remark\nwho: me\nmany:\n  - 1\n  - 2026-11-26\n")
    assert isinstance(found, Keys) and found.line == 2
    (who, me), (_, many) = found.entries
    assert (who.text, me) == ("who", Word(text="me", kind="str", line=2))
    assert isinstance(many, Items) and many.line == 4
    assert [(one.text, one.kind, one.line) for one in many.items if isinstance(one, Word)] == [
        ("1", "int", 4),
        ("2026-11-26", "timestamp", 5),
    ]


@pytest.mark.parametrize("text", ["", "# nothing\n"])
def test_nothing_is_nothing(tmp_path: Path, text: str) -> None:
    assert tree(tmp_path, text) is None


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "'a' stands at line 1 too"),
        ("a: [1\n", 2, "not YAML"),
        ("a: &me [*me]\n", 1, "names what it stands in"),
        ("? [a]\n: b\n", 1, "a key must be a plain word"),
        ("a: b\n---\na: b\n", 2, "not YAML"),
    ],
)
def test_what_no_file_may_hold_is_refused_with_its_line(tmp_path: Path, text: str, line: int, says: str) -> None:
    with pytest.raises(ConfigError, match=f"some.yaml:{line}: .*{says}"):
        tree(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[" * 20_000, "not YAML"),
        ("? " * 380, ":1: nested more than 50 deep"),  # less than the library's own limit, and more than ours
        ("a:\n " + "[" * 60 + "]" * 60, ":2: nested more than 50 deep"),
    ],
)
def test_depth_is_refused(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        tree(tmp_path, text)


def test_aliases_upon_aliases_are_read_once(tmp_path: Path) -> None:
    levels = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    found = tree(tmp_path, "\n".join(["a0: &a0 [word]", *levels]) + "\n")
    assert isinstance(found, Keys) and len(found.entries) == 30
