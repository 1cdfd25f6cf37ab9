"""Words for the device's shell: `adb shell a b` joins its arguments, and a shell on the device divides them again."""

import re
import shlex
from collections.abc import Sequence

_GLOB = re.compile(r"[A-Za-z0-9_./*\[\]-]+")


class Glob(str):
    """A word of our own whose `*` and `[0-9]` the device's shell is to expand. Never made from outside text."""

    __slots__ = ()

    def __new__(cls, text: str) -> "Glob":
        """Raises ValueError for anything but a plain path with wildcards."""
        if not _GLOB.fullmatch(text):
            raise ValueError(f"{text!r} is no plain pattern")
        return super().__new__(cls, text)


def quoted(words: Sequence[str]) -> str:
    """One line for the device's shell (mksh, POSIX quoting) that it reads as exactly these words.

    Raises ValueError for a NUL, which no argument can hold.
    """
    if any("\0" in word for word in words):
        raise ValueError("a NUL cannot stand in a command")
    return " ".join(word if isinstance(word, Glob) else shlex.quote(word) for word in words)
