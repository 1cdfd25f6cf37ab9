"""The report without its evidence: what formats for other tools show, and what a policy is held against. Pure.

It is the same whether it comes from a report that was just made or from a report.json (`outline_reader`).
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace

from pinprobe import events as ev
from pinprobe.attempts import Endpoint
from pinprobe.evidence import Declaration
from pinprobe.findings import Finding
from pinprobe.report.model import Report
from pinprobe.report.notices import Notice
from pinprobe.report.owners import owner_word
from pinprobe.report.places import place
from pinprobe.report.ruling import Breach, Ruling, Waived
from pinprobe.report.times import iso
from pinprobe.signals import State
from pinprobe.verdicts import Judgement, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointOutline:
    """One endpoint's verdict."""

    judgement: Judgement
    """Of its signals only those that are present, and without its stacks."""
    owner: str
    first_party: bool
    attempts: int
    domain: str = ""
    """The registrable one."""
    first_party_guessed: bool = False
    devices_own: bool = False
    """The device's own traffic, and no matter of the app's."""
    declared: Declaration | None = None
    """What the app's package declares for the host; None where none was read."""
    pin_material: tuple[tuple[str, int], ...] = ()
    """Pin-shaped strings in decrypted answers, by how they stand there."""

    @property
    def name(self) -> str:
        """Host and port, to read."""
        endpoint = self.judgement.endpoint
        return place(endpoint.host, endpoint.port, endpoint.transport)

    @property
    def tested(self) -> bool:
        """Whether it was put to the test at all."""
        return self.judgement.verdict is not Verdict.NOT_TESTED

    @property
    def accepts_untrusted(self) -> bool:
        """The one verdict that outranks all others."""
        return self.judgement.rule_id == "accepts_untrusted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One report."""

    app_id: str
    label: str
    session_id: str
    ended_at: str | None
    """ISO 8601, UTC."""
    started_s: float
    tool_version: str
    first_party: tuple[str, ...]
    """The patterns that were given when it was recorded."""
    sentence: str
    endpoints: tuple[EndpointOutline, ...]
    """By urgency, then host."""
    findings: tuple[Finding, ...]
    notices: tuple[Notice, ...]
    policy: Ruling | None
    declared: ev.AppDeclared | None = None
    """What the app's package says; None where none was read."""

    @property
    def anything_tested(self) -> bool:
        """False where there is nothing to judge."""
        return any(endpoint.tested and not endpoint.devices_own for endpoint in self.endpoints)

    @property
    def broken(self) -> tuple[Breach, ...]:
        """What the policy finds broken."""
        return self.policy.broken if self.policy is not None else ()

    @property
    def waived(self) -> tuple[Waived, ...]:
        """What it would, but for a waiver."""
        return self.policy.waived if self.policy is not None else ()


@dataclass(slots=True, kw_only=True)
class Beside:
    """What is said of one endpoint beside its verdict."""

    findings: list[Finding] = field(default_factory=list)
    broken: list[Breach] = field(default_factory=list)
    waived: list[Waived] = field(default_factory=list)


def said_beside(outline: Outline) -> dict[Endpoint | None, Beside]:
    """Findings and breaches by endpoint; under None those that are about no endpoint."""
    said: dict[Endpoint | None, Beside] = defaultdict(Beside)
    for finding in outline.findings:
        for endpoint in finding.endpoints or (None,):
            said[endpoint].findings.append(finding)
    if outline.policy is not None:
        for breach in outline.policy.broken:
            said[breach.endpoint].broken.append(breach)
        for waived in outline.policy.waived:
            said[waived.breach.endpoint].waived.append(waived)
    return said


def outline_of(report: Report) -> Outline:
    """Leave the evidence out."""
    return Outline(
        app_id=report.app.id,
        label=report.app.label,
        session_id=report.session.session_id,
        ended_at=iso(report.ended_s),
        started_s=report.session.at_s,
        tool_version=report.session.tool_version,
        first_party=report.session.first_party,
        sentence=report.summary.sentence,
        endpoints=tuple(
            EndpointOutline(
                judgement=without_evidence(one.judgement),
                owner=owner_word(one.owner),
                first_party=one.owner.first_party,
                first_party_guessed=one.owner.first_party_guessed,
                devices_own=one.owner.devices_own,
                domain=one.owner.registrable_domain,
                attempts=one.attempts_total,
                declared=one.declared,
                pin_material=one.pin_material,
            )
            for one in report.endpoints
        ),
        findings=report.findings,
        notices=report.notices,
        policy=report.policy,
        declared=None if report.declared is None else replace(report.declared, at_s=0.0),
    )


def without_evidence(judgement: Judgement) -> Judgement:
    """As much of it as findings and policies ask about."""
    return replace(judgement, signals=tuple(s for s in judgement.signals if s.state is State.PRESENT), stacks=())
