"""What happened at one endpoint in one run, in one word and its counts. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from pinprobe.attempts import RELAY, Outcome
from pinprobe.evidence import EndpointEvidence, package_of
from pinprobe.runs.experiment import Run
from pinprobe.runs.role import Role
from pinprobe.signals import State
from pinprobe.thresholds import REFUSALS_NEEDED
from pinprobe.verdicts import Judgement, Verdict


class Happened(StrEnum):
    """What a run shows of an endpoint."""

    UNTRUSTED = "untrusted"
    """It sent data under a certificate that nobody should trust."""
    DEGRADED = "degraded"
    """It did something weaker instead of failing hard: suspicious."""
    ACCEPTS = "accepts"
    """It was decrypted, and refused nothing."""
    REFUSES = "refuses"
    """It refused every time."""
    MIXED = "mixed"
    """It accepted and refused, too seldom to tell a rule from an accident; or it refused as a network may by accident."""
    BROKEN = "broken"
    """It failed when relayed, too."""
    WORKS = "works"
    """It was relayed only, and worked."""
    NOTHING = "nothing"
    """What was seen decides nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One endpoint in one run."""

    session_id: str
    role: Role
    label: str
    judgement: Judgement
    """Of this run alone."""
    happened: Happened
    accepts: int
    refusals: int
    requests: int
    worked: int
    failed: int
    attempts: int
    build: str = ""
    """Digest of the app's package; empty where none was read."""

    @property
    def copy_accepted(self) -> bool:
        """Nothing but a copy of the genuine leaf, under our CA, was sent data."""
        return not self.accepts and self._shows("mimic_accepted")

    @property
    def replay_pinned(self) -> bool:
        """Replayed chains show a pin."""
        return not self.accepts and self._shows("replay_pinned")

    @property
    def replay_accepted(self) -> bool:
        """It distrusts our CA, and accepts replayed chains of others."""
        return not self.accepts and self._shows("replay_accepted")

    @property
    def controlled(self) -> bool:
        """It works when relayed, or what pins it needs no such control."""
        return self.judgement.verdict is Verdict.PINNED or self._shows("control_worked")

    def _shows(self, signal_id: str) -> bool:
        return _shows(self.judgement, signal_id)


def seen_in(run: Run, about: EndpointEvidence, judgement: Judgement) -> Seen:
    """What this run shows of this endpoint."""
    stacks = about.stacks.values()
    accepts = sum(stack.accepts for stack in stacks)
    refusals = sum(stack.refusals for stack in stacks)
    worked = sum(stack.count(RELAY, Outcome.RELAY_WORKED) for stack in stacks)
    failed = sum(stack.count(RELAY, Outcome.RELAY_FAILED) for stack in stacks)
    return Seen(
        session_id=run.session.session_id,
        role=run.role,
        label=run.session.label,
        judgement=judgement,
        happened=_happened(run.role, judgement, accepts, refusals, worked, failed),
        accepts=accepts,
        refusals=refusals,
        requests=sum(stack.requests for stack in stacks),
        worked=worked,
        failed=failed,
        attempts=sum(tally.count for stack in stacks for tally in stack.tallies.values()),
        build="" if (app := package_of(run.evidence, about.endpoint.app_id)) is None else app.apk_sha256,
    )


_BY_VERDICT = {
    Verdict.SUSPICIOUS: Happened.DEGRADED,
    Verdict.UNPINNED: Happened.ACCEPTS,
    Verdict.PINNED: Happened.REFUSES,
}
_DOUBTED = frozenset({"confounded", "diagnostic_other_cause"})
"""Rules by which refusals say nothing about the certificate."""


def _shows(judgement: Judgement, signal_id: str) -> bool:
    return any(signal.id == signal_id and signal.state is State.PRESENT for signal in judgement.signals)


def _happened(role: Role, judgement: Judgement, accepts: int, refusals: int, worked: int, failed: int) -> Happened:
    if judgement.rule_id == "accepts_untrusted":
        return Happened.UNTRUSTED
    if role is Role.R1 and judgement.verdict is Verdict.SUSPICIOUS and accepts and not refusals:
        # Where the CA is in no store, that anything is accepted outweighs which pin it goes around.
        return Happened.ACCEPTS
    if judgement.verdict in _BY_VERDICT:
        return _BY_VERDICT[judgement.verdict]
    if accepts and refusals:
        return Happened.MIXED
    # As `control_failed` counts it: a flaky network fails now and then, a broken app or origin mostly.
    if failed and worked < 2 * failed:
        return Happened.BROKEN
    if refusals >= REFUSALS_NEEDED and judgement.rule_id not in _DOUBTED:
        # Every time, though the run by itself decides nothing: for want of a control, or since a network may do the same.
        spared = worked and not _shows(judgement, "refused_every_time")
        return Happened.MIXED if spared else Happened.REFUSES
    return Happened.WORKS if worked and judgement.verdict is Verdict.NOT_TESTED else Happened.NOTHING
