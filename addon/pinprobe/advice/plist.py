"""A property list, line by line, so that comments can stand in it. Values are names and pins: nothing needs escaping."""

from collections.abc import Iterator, Sequence

STEP = "    "


def document(how: Sequence[str], body: Sequence[str]) -> str:
    """The whole file around the outermost dictionary."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', *how, '<plist version="1.0">', *body, "</plist>"]
    return "\n".join(lines) + "\n"


def dictionary(*members: Sequence[str]) -> Iterator[str]:
    """A dictionary of these members."""
    yield from _around("dict", members)


def array(*items: Sequence[str]) -> Iterator[str]:
    """A list of these items."""
    yield from _around("array", items)


def member(key: str, value: Iterator[str]) -> list[str]:
    """A key and its value."""
    return [f"<key>{key}</key>", *value]


def text(value: str) -> Iterator[str]:
    """A string."""
    yield f"<string>{value}</string>"


def flag(value: bool) -> Iterator[str]:
    """Yes or no."""
    yield f"<{str(value).lower()}/>"


def _around(name: str, parts: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"<{name}>"
    for part in parts:
        for line in part:
            yield STEP + line
    yield f"</{name}>"
