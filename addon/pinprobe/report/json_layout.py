"""How JSON is laid out: a small object or list on one line, so that people can read it and a diff stays short. Pure."""

import json
from collections.abc import Callable
from json.encoder import encode_basestring_ascii
from typing import Any

WIDTH = 160
"""Characters up to which an object or list stays on one line."""
SMALL = 12
"""Members that one line may hold."""


class LaidOut(str):
    """A dict or list that is laid out already, for the place where it stands in another."""

    __slots__ = ()


def laid_out(value: Any, *, depth: int = 0) -> LaidOut:
    """Indented by one, in ASCII, in the order given; without a final newline. `depth`: how many it will stand in."""
    parts: list[str] = []
    _add(parts, value, "\n" + depth * " ")
    return LaidOut("".join(parts))


def _add(parts: list[str], value: Any, newline: str) -> None:
    # Little is called for a plain member: a report has tens of thousands, and is made anew every few seconds.
    if not isinstance(value, _NESTS):
        parts.append(value if isinstance(value, LaidOut) else _PLAIN.get(type(value), _other)(value))
        return
    if len(value) <= SMALL:
        line = _line(value)
        if line is not None and len(line) <= WIDTH:
            parts.append(line)
            return
    inner = newline + " "
    separator = inner
    if isinstance(value, dict):
        parts.append("{")
        for key, item in value.items():
            plain = _PLAIN.get(type(item))
            if plain is not None:
                parts.append(f"{separator}{_text(key)}: {plain(item)}")
            else:
                parts.append(f"{separator}{_text(key)}: ")
                _add(parts, item, inner)
            separator = "," + inner
        parts.append(newline + "}")
    else:
        parts.append("[")
        for item in value:
            parts.append(separator)
            _add(parts, item, inner)
            separator = "," + inner
        parts.append(newline + "]")


def _line(value: Any) -> str | None:
    """A dict or list on one line; None where a member is nested, unless it is empty."""
    named = isinstance(value, dict)
    cells = []
    for member in value:
        name, held = (f"{_text(member)}: ", value[member]) if named else ("", member)
        plain = _PLAIN.get(type(held))
        if plain is None:
            if held and isinstance(held, (*_NESTS, LaidOut)):
                return None
            plain = _other
        cells.append(name + plain(held))
    return ("{" + ", ".join(cells) + "}") if named else ("[" + ", ".join(cells) + "]")


def _text(value: str) -> str:
    # DEL is the one control character that ensure_ascii leaves alone.
    return encode_basestring_ascii(value).replace("\x7f", "\\u007f")


def _other(value: Any) -> str:
    return _ENCODE(value).replace("\x7f", "\\u007f")


_NESTS = (dict, list)
_ENCODE = json.JSONEncoder(ensure_ascii=True, allow_nan=False).encode
_PLAIN: dict[type, Callable[[Any], str]] = {
    str: _text,
    int: int.__repr__,
    bool: {True: "true", False: "false"}.__getitem__,
    type(None): {None: "null"}.__getitem__,
}
"""How the usual members are written, which takes the library's encoder several times as long."""
