"""What a measure is given, and what it tells. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from doctables.markdown import table

Say = Callable[[str], None]
"""Tells progress: a line on standard error, with the seconds since the start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a measure is to be run."""

    folder: Path
    """Its own, empty at the start and removed at the end."""
    long: bool
    """At full length; otherwise as short as still says something."""
    seed: int
    """Of whatever is drawn by chance: the same seed draws the same."""
    say: Say


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Figures, and what is wrong with them."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    """Sentences below the table: how many, which goal."""
    wrong: tuple[str, ...] = ()
    """What must not be; anything here fails the command. A time is never wrong, as machines differ."""

    def markdown(self) -> str:
        """The table, the notes and what is wrong."""
        lines = [*self.notes, *(f"WRONG: {text}" for text in self.wrong)]
        return table(self.headers, self.rows) + "".join(f"\n{line}\n" for line in lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One thing that can be measured or tried, by the name it has on the command line."""

    name: str
    about: str
    run: Callable[[Settings], Outcome]
