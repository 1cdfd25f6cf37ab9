"""Attempts that look the same, counted, with a few of them kept in full. Pure."""

from dataclasses import dataclass, field
from functools import lru_cache

from pinprobe.attempts import Attempt, Outcome
from pinprobe.thresholds import EXAMPLES_KEPT, PATTERNS_KEPT


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Pattern:
    """Attempts that look the same."""

    probe_id: str
    outcome: Outcome
    alert: int
    """-1 where there was none."""
    tls_version: str


@dataclass(slots=True, kw_only=True)
class Tally:
    """How often, when, and a few examples."""

    count: int = 0
    first_s: float = 0.0
    last_s: float = 0.0
    examples: list[Attempt] = field(default_factory=list)

    def add(self, attempt: Attempt) -> None:
        """Count one more."""
        at_s = attempt.opened_s
        self.first_s = min(self.first_s, at_s) if self.count else at_s
        self.last_s = max(self.last_s, at_s)
        self.count += 1
        if len(self.examples) < EXAMPLES_KEPT:
            self.examples.append(attempt)

    def take_back(self, attempt: Attempt) -> None:
        """Undo `add`, for an attempt that turned out otherwise."""
        self.count -= 1
        self._forget(attempt)

    def revise(self, attempt: Attempt) -> None:
        """The same as `take_back` and `add`, for an attempt that still looks the same."""
        self._forget(attempt)
        if len(self.examples) < EXAMPLES_KEPT:
            self.examples.append(attempt)

    def _forget(self, attempt: Attempt) -> None:
        number = attempt.connection_id
        for kept in self.examples:  # nearly always it is none of them
            if kept.connection_id == number:
                self.examples = [other for other in self.examples if other.connection_id != number]
                return


def look_alike(one: Attempt, other: Attempt) -> bool:
    """Whether they have one pattern."""
    return (
        one.outcome is other.outcome
        and one.alert == other.alert
        and one.tls_version == other.tls_version
        and one.probe_id == other.probe_id
    )


def pattern_of(attempt: Attempt) -> Pattern:
    """What this attempt looks like."""
    alert = -1 if attempt.alert is None else attempt.alert
    return _pattern(attempt.probe_id, attempt.outcome, alert, attempt.tls_version or "")


@lru_cache(PATTERNS_KEPT)
def _pattern(probe_id: str, outcome: Outcome, alert: int, tls_version: str) -> Pattern:
    """Few are in use, and each is asked for again and again."""
    return Pattern(probe_id=probe_id, outcome=outcome, alert=alert, tls_version=tls_version)
