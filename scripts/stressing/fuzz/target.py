"""What a target of the fuzzer is: bytes go in, and nothing may come out but what the code documents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from stressing.fuzz.mutation import mutated

Check = Callable[[bytes], None]
"""Takes one input; raises where something is wrong with what was made of it."""


class Broken(AssertionError):
    """Something that must always hold did not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One reader of bytes that come from strangers."""

    name: str
    about: str
    prepare: Callable[[], Check]
    """Makes what all inputs share; runs once."""
    seeds: Callable[[], tuple[bytes, ...]]
    """Sound inputs to begin with, made by code."""
    mutate: Callable[[bytes, Random], bytes] = mutated
    """Another input made of one; it may know the format, so that not all end at the first length field."""
    rooms: tuple[str, ...] = ("pinprobe",)
    """Modules in which new ways are looked for, by the beginning of their names."""
    limit_s: float = 2.0
    """Processor time that one input may take."""
