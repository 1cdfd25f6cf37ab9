"""From the runs of an experiment to one judgement per endpoint: apply READINGS. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from pinprobe.attempts import Endpoint
from pinprobe.runs.experiment import Experiment
from pinprobe.runs.facts import SPEAKING, facts_of, identical, own_facts
from pinprobe.runs.role import Role
from pinprobe.runs.seen import Happened, Seen, seen_in
from pinprobe.runs.table import MISSING_RUN, READINGS, SAY_STORE, Row
from pinprobe.runs.words import account, where
from pinprobe.signals import Signal, State, peers_of
from pinprobe.verdicts import SURENESS, Confidence, Judgement, Verdict, judge

_ROLES = (Role.UNKNOWN, Role.R0, Role.R1, Role.R2, Role.R3)
"""Whose word is taken among runs that are equally sure: the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One endpoint: what each run shows, and what all of them mean."""

    judgement: Judgement
    lead: Seen
    """The run whose evidence the judgement shows first."""
    runs: tuple[Seen, ...]
    """In the experiment's order; runs that did not see the endpoint are not among them."""


def judge_together(experiment: Experiment, app_id: str) -> list[Reading]:
    """The verdicts on all endpoints of an app, by host and port. No evidence is pooled: each run is judged by itself."""
    by_endpoint: dict[Endpoint, list[Seen]] = {}
    for run in experiment.runs:
        peers = peers_of(run.evidence)
        for about in run.evidence.of_app(app_id):
            seen = seen_in(run, about, judge(run.evidence, about, peers))
            by_endpoint.setdefault(about.endpoint, []).append(seen)
    return [read_together(by_endpoint[endpoint]) for endpoint in sorted(by_endpoint)]


def read_together(seen: Sequence[Seen]) -> Reading:
    """What these runs of one endpoint mean. Total: any runs, at least one, give exactly one judgement."""
    facts = facts_of(seen)
    row = next(row for row in READINGS if _matches(row, facts))
    lead = _lead(row, seen)
    own = lead.judgement
    doubts = [text for one, text in row.doubts if one in facts]
    most = row.at_most if row.rule is None else row.rule.confidence
    confidence = min(own.confidence, most, Confidence.PROBABLE if doubts else most, key=SURENESS.index)
    judgement = Judgement(
        endpoint=own.endpoint,
        verdict=own.verdict if row.rule is None else row.rule.verdict,
        confidence=confidence,
        rule_id=own.rule_id if row.rule is None else row.rule.id,
        reason=_reason(row, lead, seen),
        missing=tuple(dict.fromkeys([*doubts, *row.open, *_missing(row, lead, seen)])),
        signals=_signals(own.signals, seen),
        stacks=own.stacks,
    )
    return Reading(judgement=judgement, lead=lead, runs=tuple(seen))


def _matches(row: Row, facts: frozenset[str]) -> bool:
    return (
        facts.issuperset(row.needs)
        and (not row.any_of or not facts.isdisjoint(row.any_of))
        and facts.isdisjoint(row.lacking)
    )


def _lead(row: Row, seen: Sequence[Seen]) -> Seen:
    """The surest run of those that may lead; one whose store is unknown only where no other can."""
    may = [one for one in seen if not row.leads or not own_facts(one).isdisjoint(row.leads)] or list(seen)
    known = [one for one in may if one.role is not Role.UNKNOWN] or may

    def weight(one: Seen) -> tuple[int, bool, int, int]:
        tested = one.judgement.verdict is not Verdict.NOT_TESTED
        return SURENESS.index(one.judgement.confidence), tested, _ROLES.index(one.role), one.attempts

    return max(known, key=weight)


def _reason(row: Row, lead: Seen, seen: Sequence[Seen]) -> str:
    """What each run did, those that decide first: where a run's own rule does, with the reason that is its own."""
    if row.rule is None:
        first, text = [lead], f"{where(lead, seen)}: {lead.judgement.reason}"
    else:
        named = {*row.needs, *row.any_of, *row.leads}
        # A row on runs that disagree names none of them: those that speak are meant.
        first = [one for one in seen if not own_facts(one).isdisjoint(named)] or [
            one for one in seen if one.happened in SPEAKING or one.accepts or one.copy_accepted
        ]
        text = account(first, seen)
    others = account([one for one in seen if one not in first], seen)
    return text + (f"; beside it, {others}" if others else "")


def _missing(row: Row, lead: Seen, seen: Sequence[Seen]) -> list[str]:
    """What would settle the rest: of the run that leads, and runs that were not recorded."""
    found: list[str] = []
    if row.rule is None and lead.judgement.confidence is Confidence.UNPROVEN:
        spoken = {one.role for one in seen if one.happened is not Happened.NOTHING}
        found += [text for role, text in MISSING_RUN.items() if role not in spoken]
    if any(one.role is Role.UNKNOWN and one.happened is not Happened.NOTHING for one in seen):
        found.append(SAY_STORE)
    if row.opens_lead:
        found += lead.judgement.missing
    return found


def _signals(signals: tuple[Signal, ...], seen: Sequence[Seen]) -> tuple[Signal, ...]:
    """The lead's signals, and beside them what only several runs can answer."""
    flips = _flips(seen)
    if flips is None:
        return signals
    if any(signal.id == flips.id for signal in signals):
        return tuple(flips if signal.id == flips.id else signal for signal in signals)
    return (*signals, flips)


def _flips(seen: Sequence[Seen]) -> Signal | None:
    """`flips_between_runs`, where any two runs are alike: how many of them are of the rarer kind."""
    alike = [group for group in identical(seen) if len(group) > 1]
    if not alike:
        return None
    accepting = [sum(one.happened is Happened.ACCEPTS for one in group) for group in alike]
    rarer = sum(min(count, len(group) - count) for count, group in zip(accepting, alike, strict=True))
    return Signal(
        id="flips_between_runs",
        state=State.PRESENT if rarer else State.ABSENT,
        count=rarer,
        of=sum(map(len, alike)),
        note="",
    )
