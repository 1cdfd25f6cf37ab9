"""How JSON is laid out: a small object or list on one line, so that people can read it and a diff stays short. Pure."""

import json
from json.encoder import encode_basestring_ascii
from typing import Any

WIDTH = 160
"""Characters up to which an object or list stays on one line."""
SMALL = 12
"""Members that one line may hold."""


_ENCODE = json.JSONEncoder(ensure_ascii=True, allow_nan=False).encode


def laid_out(value: Any) -> str:
    """Indented by one, in ASCII, in the order given; without a final newline."""
    parts: list[str] = []
    _add(parts, value, "\n")
    return "".join(parts)


def _add(parts: list[str], value: Any, newline: str) -> None:
    # Nothing is called for a plain member: a report has tens of thousands, and is made anew every few seconds.
    if not isinstance(value, dict | list):
        parts.append(_line(value))
        return
    if _is_small(value):
        line = _line(value)
        if len(line) <= WIDTH:
            parts.append(line)
            return
    inner = newline + " "
    separator = inner
    if isinstance(value, dict):
        parts.append("{")
        for key, item in value.items():
            if type(item) is str:
                parts.append(f"{separator}{_text(key)}: {_text(item)}")
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


def _is_small(value: dict[str, Any] | list[Any]) -> bool:
    """Whether it is worth a try: few members, and none of them nested, but for an empty one."""
    if len(value) > SMALL:
        return False
    for member in value.values() if isinstance(value, dict) else value:
        if member and isinstance(member, dict | list):
            return False
    return True


_WORDS = {None: "null", True: "true", False: "false"}


def _line(value: Any) -> str:
    if value is None or value is True or value is False:
        return _WORDS[value]
    # DEL is the one control character that ensure_ascii leaves alone.
    return _ENCODE(value).replace("\x7f", "\\u007f")


def _text(value: str) -> str:
    return encode_basestring_ascii(value).replace("\x7f", "\\u007f")
