"""How JSON is laid out: a small object or list on one line, so that people can read it and a diff stays short. Pure."""

import json
from collections.abc import Iterator
from typing import Any

WIDTH = 160
"""Characters up to which an object or list stays on one line."""


_ENCODE = json.JSONEncoder(ensure_ascii=True, allow_nan=False).encode


def laid_out(value: Any) -> str:
    """Indented by one, in ASCII, in the order given; without a final newline."""
    return "".join(_parts(value, "\n"))


def _parts(value: Any, newline: str) -> Iterator[str]:
    if not isinstance(value, dict | list) or _is_small(value):
        line = _line(value)
        if not isinstance(value, dict | list) or len(line) <= WIDTH:
            yield line
            return
    inner = newline + " "
    separator = inner
    if isinstance(value, dict):
        yield "{"
        for key, item in value.items():
            yield f"{separator}{_line(key)}: "
            yield from _parts(item, inner)
            separator = "," + inner
        yield newline + "}"
    else:
        yield "["
        for item in value:
            yield separator
            yield from _parts(item, inner)
            separator = "," + inner
        yield newline + "]"


def _is_small(value: dict[str, Any] | list[Any]) -> bool:
    """Whether it is worth a try: few members, and none of them nested, but for an empty one."""
    members = value.values() if isinstance(value, dict) else value
    return len(value) <= 12 and not any(isinstance(member, dict | list) and member for member in members)


def _line(value: Any) -> str:
    # DEL is the one control character that ensure_ascii leaves alone.
    return _ENCODE(value).replace("\x7f", "\\u007f")
