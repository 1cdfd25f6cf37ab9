"""What a policy asks: data only. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pinprobe.findings import Level
from pinprobe.policy.pattern import HostPattern
from pinprobe.verdicts import Confidence, Verdict

VERSION = 1
"""Of the policy's form."""
MASVS = ("L1", "L2")
ANY = "any"
VERDICTS: Mapping[str, Verdict | None] = {
    "pinned": Verdict.PINNED,
    "unpinned": Verdict.UNPINNED,
    ANY: None,
}
"""What may be expected. The others are ways of being wrong or of not knowing, and nobody should ask for them."""
CONFIDENCES: Mapping[str, Confidence] = {
    "probable": Confidence.PROBABLE,
    "confirmed": Confidence.CONFIRMED,
}
"""The least that may be asked, the lower one first. Unproven is no such thing: its cause is not known."""
RAISED: Mapping[tuple[str, str], Level] = {
    ("L2", "PIN-101"): Level.WARNING,
}
"""Findings that a MASVS level makes louder: L2 asks for pins on the developer's own hosts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What hosts must do."""

    host: HostPattern
    verdict: str
    """A key of VERDICTS."""
    confidence: str
    """The least: a key of CONFIDENCES."""

    def met_by(self, verdict: Verdict, confidence: Confidence) -> bool:
        """Whether that is what was asked."""
        wanted = VERDICTS[self.verdict]
        if wanted is None:
            return True
        sure = list(CONFIDENCES.values())
        return verdict is wanted and confidence in sure[sure.index(CONFIDENCES[self.confidence]) :]

    @property
    def words(self) -> str:
        """What it asks, to read."""
        return self.verdict if self.verdict == ANY else f"{self.verdict}, {self.confidence} or better"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """Somebody answers for a breach until a day."""

    what: str
    """expect, coverage or a finding's id."""
    host: HostPattern
    reason: str
    until: date
    """The last day on which it holds."""
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One policy file."""

    name: str
    """The file's, without its folder."""
    app: str | None
    masvs: str
    first_party: tuple[str, ...]
    expect: tuple[Expectation, ...]
    """Of those that match an endpoint, the first one counts."""
    coverage: tuple[HostPattern, ...]
    fail_on: tuple[str, ...]
    """Ids of findings, and levels."""
    waivers: tuple[Waiver, ...]
