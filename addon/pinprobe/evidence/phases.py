"""Which phase a moment belongs to, and how long each phase lasted. Pure."""

from dataclasses import dataclass, field

from pinprobe.events import PHASES, TEST
from pinprobe.thresholds import MARKS_KEPT


@dataclass(slots=True)
class Phases:
    """The phases of one session, as they followed one another."""

    marks: list[tuple[float, str]] = field(default_factory=list)
    """When a phase began, oldest first."""

    def begin(self, at_s: float, phase: str) -> None:
        """Another phase begins; one that is not known is none."""
        if phase in PHASES and len(self.marks) < MARKS_KEPT:
            self.marks.append((at_s, phase))
            self.marks.sort(key=lambda mark: mark[0])

    def at(self, at_s: float) -> str:
        """The phase of a moment; before the first mark it is the first one's."""
        phase = self.marks[0][1] if self.marks else TEST
        for began_s, begun in self.marks:
            if began_s > at_s:
                break
            phase = begun
        return phase

    def seconds(self, phase: str, until_s: float) -> float:
        """How long a phase lasted in all, as of this moment."""
        ends = [began_s for began_s, _ in self.marks[1:]] + [until_s]
        spans = zip(self.marks, ends, strict=False)  # where nothing is marked, there is one end too many
        return sum(max(0.0, end_s - began_s) for (began_s, begun), end_s in spans if begun == phase)

    def seen(self, phase: str) -> bool:
        """Whether there was such a phase at all."""
        return any(begun == phase for _, begun in self.marks) if self.marks else phase == TEST
