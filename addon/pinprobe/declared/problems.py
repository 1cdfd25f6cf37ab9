"""What is wrong with a package, in words: counted by kind, so that a hostile one cannot fill a report."""

from collections.abc import Iterator

from pinprobe.declared.limits import LIMITS, Limits


class PackageError(Exception):
    """Why nothing can be read; the message names the file and what to do."""


class Problems:
    """Sentences, each once, with how often it was met and where first."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._most = limits.problems
        self._met: dict[str, tuple[int, str]] = {}
        self._left_out = 0

    def add(self, what: str, where: str = "") -> None:
        """Note one. `what` is ours and bounded; `where` is the package's own name for the place."""
        if what in self._met:
            count, first = self._met[what]
            self._met[what] = (count + 1, first)
        elif len(self._met) < self._most:
            self._met[what] = (1, where)
        else:
            self._left_out += 1

    def __iter__(self) -> Iterator[str]:
        for what, (count, where) in self._met.items():
            place = f"{where}: " if where else ""
            more = f" (and {count - 1} more)" if count > 1 else ""
            yield f"{place}{what}{more}"
        if self._left_out:
            yield f"{self._left_out} more problems of other kinds are left out"
