"""A small, strict reader of the Kotlin that is advised: what it does not know, it refuses.

There is no Kotlin compiler among Debian's packages. This takes comments, imports, and values built by calls, and strings
without a dollar sign or a backslash, in which Kotlin would see more than letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"""(?P<comment>//[^\r\n]*)|(?P<space>\s+)|(?P<string>"[^"$\\\r\n]*")|(?P<word>[A-Za-z_][A-Za-z0-9_]*)"""
    r"""|(?P<mark>[().,:=])"""
)


def pins_in(source: str) -> dict[str, list[str]]:
    """Patterns and their pins. Raises ValueError for anything but the expected sentences."""
    tokens = list(_tokens(source))
    reader = _Reader(tokens)
    for name in ("CertificatePinner", "OkHttpClient"):
        reader.take("import", "okhttp3", ".", name)
    reader.take(
        "val", "certificatePinner", ":", "CertificatePinner", "=", "CertificatePinner", ".", "Builder", "(", ")"
    )
    found: dict[str, list[str]] = {}
    while reader.peek(1) == "add":
        reader.take(".", "add", "(")
        pattern = reader.string()
        pins = found.setdefault(pattern, [])
        while reader.peek() == ",":
            reader.take(",")
            pins.append(reader.string())
        reader.take(")")
        if not pins:
            raise ValueError(f"{pattern} has no pins")
    reader.take(".", "build", "(", ")")
    reader.take("val", "client", ":", "OkHttpClient", "=", "OkHttpClient", ".", "Builder", "(", ")")
    reader.take(".", "certificatePinner", "(", "certificatePinner", ")", ".", "build", "(", ")")
    reader.end()
    return found


class _Reader:
    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._at = 0

    def peek(self, ahead: int = 0) -> str:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else ""

    def take(self, *expected: str) -> None:
        for one in expected:
            if self.peek() != one:
                raise ValueError(f"{self.peek()!r} where {one!r} belongs")
            self._at += 1

    def string(self) -> str:
        one = self.peek()
        if not one.startswith('"'):
            raise ValueError(f"{one!r} where a string belongs")
        self._at += 1
        return one[1:-1]

    def end(self) -> None:
        if self._at != len(self._tokens):
            raise ValueError(f"{self.peek()!r} at the end")


def _tokens(source: str) -> Iterator[str]:
    at = 0
    while at < len(source):
        found = _TOKEN.match(source, at)
        if found is None:
            raise ValueError(f"not Kotlin of ours: {source[at : at + 20]!r}")
        at = found.end()
        if found.lastgroup not in {"comment", "space"}:
            yield found[0]
