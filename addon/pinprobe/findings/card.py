"""What a finding is: a verdict held against what good practice asks. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pinprobe.attempts import Endpoint
from pinprobe.verdicts import Judgement


class Level(StrEnum):
    """How loud. Certainty is the judgement's confidence, and a separate matter."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One check that has something to say, and about which endpoints."""

    id: str
    level: Level
    title: str
    endpoints: tuple[Endpoint, ...]
    evidence: str
    remedy: str
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A judgement and whose host it is about."""

    judgement: Judgement
    first_party: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One good-practice check."""

    id: str
    level: Level
    title: str
    why: str
    remedy: str
    references: tuple[str, ...]
    find: Callable[[Sequence[Judged]], Sequence[Judged]]
    """The endpoints that the finding is about; none, no finding."""

    def run(self, judged: Sequence[Judged]) -> Finding | None:
        """Apply the check; None where it has nothing to say."""
        found = self.find(judged)
        if not found:
            return None
        lines = [
            f"{j.judgement.endpoint.host}:{j.judgement.endpoint.port}: {j.judgement.reason}" for j in found[:SHOWN]
        ]
        if len(found) > SHOWN:
            lines.append(f"and {len(found) - SHOWN} more")
        return Finding(
            id=self.id,
            level=self.level,
            title=self.title,
            endpoints=tuple(j.judgement.endpoint for j in found),
            evidence="; ".join(lines),
            remedy=self.remedy,
            references=self.references,
        )


SHOWN = 5
"""Endpoints quoted in a finding's evidence; all of them are listed beside it."""
