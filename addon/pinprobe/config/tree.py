"""A YAML file as plain words, lists and keys that know their lines. The only reader of YAML."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class ConfigError(ValueError):
    """A setting that cannot be used; the message names it and the fix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One value, as it is written."""

    text: str
    kind: str
    """What YAML takes it for: str, int, float, bool, null, timestamp."""
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """A list."""

    items: tuple["Tree", ...]
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """Keys and their values, in the order of the file; no key twice."""

    entries: tuple[tuple[Word, "Tree"], ...]
    line: int


Tree = Word | Items | Keys

DEEPEST = 50
"""Levels; what we read has five."""


def read_tree(path: Path, named: str) -> Tree | None:
    """Read a YAML file; None where it holds nothing. `named` is how the user named it, such as pinprobe_config=FILE.

    Raises `ConfigError` for a missing file, bad YAML, and what no file of ours may hold, with the line number.
    """
    try:
        import yaml
    except ImportError as error:
        raise ConfigError(
            f"{named}: reading YAML needs PyYAML, which this Python lacks: pip install pyyaml."
        ) from error
    try:
        text = path.read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{named}: cannot be read: {error}") from error
    except yaml.MarkedYAMLError as error:
        place = f"{path}:{error.problem_mark.line + 1}" if error.problem_mark else named
        raise ConfigError(f"{place}: not YAML: {error.problem or error}") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise ConfigError(f"{named}: not YAML: {error}") from error
    return None if root is None else _Reader(path).tree(root)


class _Reader:
    """Turns the library's nodes into ours."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._done: dict[int, Tree] = {}
        """By node: what an alias names again is not read again, however often that is."""
        self._open: set[int] = set()

    def tree(self, node: Any) -> Tree:
        """One node with all below it."""
        if (known := self._done.get(id(node))) is not None:
            return known
        if id(node) in self._open:
            raise self._wrong(node, "an alias names what it stands in; write it out.")
        if len(self._open) >= DEEPEST:
            raise self._wrong(node, f"nested more than {DEEPEST} deep; nothing that is read here is.")
        self._open.add(id(node))
        made = self._made(node)
        self._open.discard(id(node))
        self._done[id(node)] = made
        return made

    def _made(self, node: Any) -> Tree:
        line = node.start_mark.line + 1
        if node.id == "scalar":
            return Word(text=node.value, kind=node.tag.rpartition(":")[2], line=line)
        if node.id == "sequence":
            return Items(items=tuple(self.tree(item) for item in node.value), line=line)
        return Keys(entries=tuple(self._entries(node)), line=line)

    def _entries(self, node: Any) -> Iterator[tuple[Word, Tree]]:
        seen: dict[str, int] = {}
        for key, value in node.value:
            word = self.tree(key)
            if not isinstance(word, Word):
                raise self._wrong(key, "a key must be a plain word.")
            if word.text in seen:
                raise self._wrong(key, f"{word.text!r} stands at line {seen[word.text]} too; leave one of them out.")
            seen[word.text] = key.start_mark.line + 1
            yield word, self.tree(value)

    def _wrong(self, node: Any, what: str) -> ConfigError:
        return ConfigError(f"{self._path}:{node.start_mark.line + 1}: {what}")
