"""What a policy says of a report: met, broken, or nothing to judge. The types alone; the room `policy` makes them. Pure.

Pass and fail exist only here, against what the user asked for.
"""

from dataclasses import dataclass
from enum import StrEnum

from pinprobe.attempts import Endpoint
from pinprobe.findings import FINDINGS, Check, Level
from pinprobe.report.places import place

EXPECT = "expect"
COVERAGE = "coverage"


class Standing(StrEnum):
    """How the app stands against the policy."""

    MET = "met"
    BROKEN = "broken"
    NOTHING_OBSERVED = "nothing_observed"
    """No endpoint was put to the test: neither met nor broken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One thing that the policy asks and that is not so."""

    what: str
    """expect, coverage, or the id of a finding that fails."""
    endpoint: Endpoint | None
    """None where no endpoint is what the policy speaks of."""
    pattern: str
    """The hosts that the policy names, in its own words; empty for a finding."""
    text: str

    @property
    def rule_id(self) -> str:
        """The stable id that machines know it by."""
        return next((rule.id for rule in POLICY_RULES if rule.what == self.what), self.what)

    @property
    def subject(self) -> str:
        """What it is about, to read."""
        name = self.endpoint
        return self.pattern if name is None else place(name.host, name.port, name.transport)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waived:
    """A breach that somebody answers for until a day."""

    breach: Breach
    reason: str
    until: str
    """The last day on which the waiver holds, ISO 8601."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """The policy's whole answer."""

    policy: str
    """The name of its file."""
    masvs: str
    day: str
    """As of which day waivers were judged, ISO 8601."""
    standing: Standing
    checks: int
    """How many things were asked."""
    broken: tuple[Breach, ...]
    waived: tuple[Waived, ...]
    remarks: tuple[str, ...]
    """What its owner should know: expired waivers, and those that waive nothing."""

    @property
    def sentence(self) -> str:
        """The answer in words."""
        beside = f", {len(self.waived)} waived" if self.waived else ""
        if self.standing is Standing.NOTHING_OBSERVED:
            return "Policy not judged: no endpoint was put to the test, and that is no pass."
        if self.standing is Standing.BROKEN:
            return f"Policy broken: {len(self.broken)} of {self.checks} checks failed{beside}."
        return f"Policy met: {self.checks} check{'' if self.checks == 1 else 's'}{beside or ', none failed'}."


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRule:
    """A way to break a policy that is no finding, with an id among theirs."""

    what: str
    id: str
    level: Level
    title: str
    why: str
    remedy: str
    references: tuple[str, ...] = ()


POLICY_RULES: tuple[PolicyRule, ...] = (
    PolicyRule(
        what=EXPECT,
        id="PIN-901",
        level=Level.ERROR,
        title="The verdict is not what the policy expects",
        why="Somebody wrote down what this host must do, and it does something else, or nobody saw what it does.",
        remedy="Mend the app, or repeat the test where the evidence is thin; if the policy is wrong, change it.",
    ),
    PolicyRule(
        what=COVERAGE,
        id="PIN-902",
        level=Level.ERROR,
        title="A host that the policy names was not put to the test",
        why="A host that was never tested cannot fail, and silence is not a pass.",
        remedy="Let the test use that part of the app, more than once, through the proxy.",
    ),
)

WITH_ID: tuple[Check | PolicyRule, ...] = (*FINDINGS, *POLICY_RULES)
"""Everything that has an id of ours, each with a heading in docs/findings.md."""
