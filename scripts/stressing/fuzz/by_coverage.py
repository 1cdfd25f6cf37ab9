"""The engine that looks at the code: atheris keeps every input that takes a way through it that none took before.

It ends its process, so it runs in one of its own.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

from stressing.fuzz.attempt import Attempts, Current
from stressing.fuzz.mutation import LONGEST
from stressing.fuzz.targets import load

HANG_S = 60
"""Wall time after which atheris gives an input up; our own limit is the processor's time."""
MEMORY_MB = 2048


def run(
    name: str, inputs: int, seed: int, current: Current, corpus: Path, tell: Callable[[Attempts, bool], None]
) -> None:
    """Put so many inputs to the target, then end the process with exit code 0."""
    import atheris  # type: ignore[import-untyped]  # it has none

    # What is imported before is not watched; what every target has, and is none of ours, need not be.
    with atheris.instrument_imports(include=["pinprobe"], enable_loader_override=False):
        target = load(name)
        check = target.prepare()
        seeds = target.seeds()
    attempts = Attempts(target=target, check=check, current=current)
    for number, data in enumerate(seeds):
        (corpus / f"seed-{number}").write_bytes(data)

    def one(data: bytes) -> None:
        attempts.put(data)
        if attempts.count >= inputs:
            tell(attempts, True)
            sys.stdout.flush()
            os._exit(0)
        tell(attempts, False)

    def mutate(data: bytes, longest: int, number: int) -> bytes:
        chance = Random(number)
        if chance.randrange(4) == 0:
            found: bytes = atheris.Mutate(data, longest)
            return found
        return target.mutate(data, chance)[:longest]

    arguments = [
        sys.argv[0],
        f"-seed={seed % 2**31 or 1}",
        f"-timeout={HANG_S}",
        f"-rss_limit_mb={MEMORY_MB}",
        f"-max_len={LONGEST}",
        "-len_control=0",
        "-verbosity=0",
        "-print_final_stats=0",
        f"-artifact_prefix={corpus}/crash-",
        str(corpus),
    ]
    atheris.Setup(arguments, one, custom_mutator=mutate)
    atheris.Fuzz()
