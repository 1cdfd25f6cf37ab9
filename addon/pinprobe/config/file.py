"""The YAML file of options, for all apps and per app."""

from pathlib import Path
from typing import Any

from pinprobe.config.options import OPTIONS, check
from pinprobe.config.tree import ConfigError, Items, Keys, Tree, Word, read_tree


def read_config(path: Path, app: str) -> dict[str, Any]:
    """The options that a YAML file sets for an app: those for all apps, then those under its name.

    Raises `ConfigError` for a missing file, bad YAML, or a key or value that has no meaning, with the line number.
    """
    root = read_tree(path, f"pinprobe_config={path}")
    if root is None:
        return {}
    found: dict[str, Any] = {}
    apps = None
    for key, value in _entries(path, root):
        if key.text == "apps":
            apps = value
        else:
            found.update(_option(path, key, value))
    if apps is not None:
        for name, options in _entries(path, apps):
            own: dict[str, Any] = {}
            for key, value in _entries(path, options):
                own.update(_option(path, key, value))
            if name.text == app:
                found.update(own)
    return found


def _entries(path: Path, tree: Tree) -> tuple[tuple[Word, Tree], ...]:
    if not isinstance(tree, Keys):
        raise ConfigError(f"{path}:{tree.line}: keys and values belong here, as in mode: observe.")
    return tree.entries


def _option(path: Path, key: Word, tree: Tree) -> dict[str, Any]:
    where = f"{path}:{key.line}"
    option = next((o for o in OPTIONS if o.in_file and o.key == key.text), None)
    if option is None:
        known = ", ".join(o.key for o in OPTIONS if o.in_file)
        raise ConfigError(f"{where}: unknown key {key.text!r}; known are {known}, and apps at the top.")
    value: str | tuple[str, ...]
    if isinstance(option.default, tuple):
        entries = tree.items if isinstance(tree, Items) else (tree,)
        words = tuple(entry.text for entry in entries if isinstance(entry, Word))
        if len(words) != len(entries):
            raise ConfigError(f"{where}: {key.text} wants a list of words.")
        value = words
    elif isinstance(tree, Word):
        value = tree.text
    else:
        raise ConfigError(f"{where}: {key.text} wants a single word.")
    try:
        check(option, value)
    except ConfigError as error:
        raise ConfigError(f"{where}: {error}") from error
    return {option.name: value}
