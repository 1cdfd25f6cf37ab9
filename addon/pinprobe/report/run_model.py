"""What a report holds of each of several sessions that were judged together. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from pinprobe.runs import Role, Run, Seen
from pinprobe.verdicts import Confidence, Judgement, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointRun:
    """What one run says of an endpoint by itself."""

    session_id: str
    role: Role
    label: str
    verdict: Verdict
    confidence: Confidence
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """One of the sessions."""

    session_id: str
    role: Role
    label: str
    ca_store: str
    mode: str
    started_s: float
    ended_s: float
    connections: int
    journal_sha256: str
    verdicts: dict[Verdict, int]
    """Of this run by itself."""


def endpoint_run(seen: Seen) -> EndpointRun:
    """An endpoint in one run."""
    return EndpointRun(
        session_id=seen.session_id,
        role=seen.role,
        label=seen.label,
        verdict=seen.judgement.verdict,
        confidence=seen.judgement.confidence,
        reason=seen.judgement.reason,
    )


def run_report(run: Run, own: Sequence[Judgement]) -> RunReport:
    """A run, with the judgements that are its own."""
    verdicts = dict.fromkeys(Verdict, 0)
    for judgement in own:
        verdicts[judgement.verdict] += 1
    return RunReport(
        session_id=run.session.session_id,
        role=run.role,
        label=run.session.label,
        ca_store=run.session.ca_store,
        mode=run.session.mode,
        started_s=run.session.at_s,
        ended_s=run.evidence.last_s,
        connections=run.evidence.connections,
        journal_sha256=run.journal_sha256,
        verdicts=verdicts,
    )
