"""An error of our own in words that can be kept and shown: its kind and its place, never its text.

The text of an exception may quote what passed through the proxy (KeyError names its key, ValueError its value).
"""

import os
import traceback
from pathlib import Path

HERE = Path(__file__).parent
PLACES = 12
"""Of a deep stack, so many innermost places are told."""


def words_of(error: BaseException) -> str:
    """One line, such as "KeyError at mitm/reading.py:120"; what the system said of a file or socket stands in brackets."""
    places = places_of(error)
    return f"{type(error).__name__}{_said_by_the_system(error)}" + (f" at {places[-1]}" if places else "")


def places_of(error: BaseException) -> list[str]:
    """The lines of our own code that it came through, innermost last."""
    frames = traceback.extract_tb(error.__traceback__)
    files = [(Path(frame.filename), frame.lineno) for frame in frames]
    return [f"{file.relative_to(HERE).as_posix()}:{line}" for file, line in files if file.is_relative_to(HERE)][
        -PLACES:
    ]


def _said_by_the_system(error: BaseException) -> str:
    # The system's own words for the number, not the error's: those name files, and libraries put in what they like.
    if isinstance(error, OSError) and type(error).__module__ == "builtins" and isinstance(error.errno, int):
        return f" ({os.strerror(error.errno)})"
    return ""
