"""One process for one target and engine; says on standard output how far it is, and at the end what was found.

python -m stressing.fuzz.child TARGET ENGINE INPUTS SEED FOLDER
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from pathlib import Path

from stressing.fuzz.attempt import Attempts, Current

MEMORY_BYTES = 3 << 30
"""Address space: an input that wants more ends in a MemoryError, which is a failure."""
TELL_S = 1.0
CURRENT = "current"
"""The file in the folder that holds the input of the moment."""


class Teller:
    """Says how far it is, once a second, and stops where nobody listens any more."""

    def __init__(self) -> None:
        self._began_s = time.monotonic()
        self._next_s = 0.0
        self._parent = os.getppid()

    def tell(self, attempts: Attempts, last: bool) -> None:
        """One line of JSON."""
        now_s = time.monotonic()
        if not last and now_s < self._next_s:
            return
        if os.getppid() != self._parent:
            os._exit(1)
        self._next_s = now_s + TELL_S
        said = {
            "inputs": attempts.count,
            "seconds": now_s - self._began_s,
            "slowest_s": attempts.slowest_s,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "failures": [{"what": one.what, "file": one.file} for one in attempts.failures.values()],
            "more": attempts.more,
            "last": last,
        }
        print(json.dumps(said), flush=True)


def main(name: str, engine: str, inputs: int, seed: int, folder: Path) -> None:
    """Run one engine on one target."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    current, teller = Current(folder / CURRENT), Teller()
    if engine == "coverage":
        from stressing.fuzz import by_coverage

        corpus = folder / "corpus"
        corpus.mkdir()
        by_coverage.run(name, inputs, seed, current, corpus, teller.tell)
        return
    from stressing.fuzz import by_hypothesis
    from stressing.fuzz.targets import load

    target = load(name)
    attempts = Attempts(target=target, check=target.prepare(), current=current)
    by_hypothesis.run(attempts, inputs, seed, lambda: teller.tell(attempts, False))
    teller.tell(attempts, True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), Path(sys.argv[5]))
