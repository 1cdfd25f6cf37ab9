"""What a finding is: what was seen held against what good practice asks. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from pinprobe import events as ev
from pinprobe.attempts import Endpoint
from pinprobe.evidence import Declaration
from pinprobe.verdicts import Judgement


class Level(StrEnum):
    """How loud. Certainty is the judgement's confidence, and a separate matter."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


LOUDNESS = tuple(Level)
"""The quietest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One check that has something to say, and about which endpoints."""

    id: str
    level: Level
    title: str
    endpoints: tuple[Endpoint, ...]
    """None where it is about the app as a whole, or about hosts that were never contacted."""
    evidence: str
    remedy: str
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A judgement, whose host it is about, and what the app's package declares for it."""

    judgement: Judgement
    first_party: bool
    guessed: bool = False
    """That it is first party, from the package's name: enough for a note, never for more."""
    declared: Declaration | None = None
    """None where no package was read."""
    pin_material: Mapping[str, int] = field(default_factory=dict)
    """Pin-shaped strings in decrypted answers, by how they stand there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Everything that checks are asked about."""

    judged: tuple[Judged, ...] = ()
    app: ev.AppDeclared | None = None
    """What the package says; None where none was read."""
    at_s: float = 0.0
    """When the session began."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing that a check found."""

    text: str = ""
    """In words; empty: the verdict's reason says it."""
    judged: Judged | None = None
    """The endpoint that it is about; None: the app, or a host that was never contacted."""
    level: Level | None = None
    """Where it is not the check's usual one."""

    @property
    def line(self) -> str:
        """Place and words."""
        if self.judged is None:
            return self.text
        judgement = self.judged.judgement
        return f"{judgement.endpoint.host}:{judgement.endpoint.port}: {self.text or judgement.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One good-practice check."""

    id: str
    level: Level
    title: str
    why: str
    remedy: str
    references: tuple[str, ...]
    find: Callable[[Seen], Sequence[Told]]
    """What the finding tells; nothing, no finding."""

    def run(self, seen: Seen) -> Finding | None:
        """Apply the check; None where it has nothing to say."""
        found = self.find(seen)
        if not found:
            return None
        lines = [told.line for told in found[:SHOWN]]
        if len(found) > SHOWN:
            lines.append(f"and {len(found) - SHOWN} more")
        endpoints = [told.judged.judgement.endpoint for told in found if told.judged is not None]
        return Finding(
            id=self.id,
            level=max((told.level or self.level for told in found), key=LOUDNESS.index),
            title=self.title,
            endpoints=tuple(dict.fromkeys(endpoints)),
            evidence="; ".join(lines),
            remedy=self.remedy,
            references=self.references,
        )


def about(judged: Sequence[Judged]) -> list[Told]:
    """These endpoints, with their verdicts' reasons."""
    return [Told(judged=one) for one in judged]


SHOWN = 5
"""Endpoints quoted in a finding's evidence; all of them are listed beside it."""
