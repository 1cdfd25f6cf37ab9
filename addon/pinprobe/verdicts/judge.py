"""From evidence to a judgement: apply RULES to each stack of an endpoint, then fold the stacks. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from pinprobe.attempts import Endpoint
from pinprobe.evidence import EndpointEvidence, Evidence, StackEvidence, Standing
from pinprobe.signals import Asked, Peers, Reading, Signal, State, peers_of, read
from pinprobe.thresholds import STRONG_CONFIRMED_COUNT
from pinprobe.verdicts.reasons import coverage_gap, reason, what_is_missing
from pinprobe.verdicts.rules import RULES, STRONG, SURENESS, Confidence, Rule, Verdict

_RULE = {rule.id: rule for rule in RULES}
_ROW = {rule.id: number for number, rule in enumerate(RULES)}


@dataclass(frozen=True, slots=True, kw_only=True)
class StackJudgement:
    """What one TLS stack did at an endpoint, judged alone."""

    stack: str
    ja4s: tuple[str, ...]
    verdict: Verdict
    confidence: Confidence
    rule_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The verdict on an endpoint, how sure it is, and what it rests on."""

    endpoint: Endpoint
    verdict: Verdict
    confidence: Confidence
    rule_id: str
    reason: str
    missing: tuple[str, ...]
    signals: tuple[Signal, ...]
    stacks: tuple[StackJudgement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One stack with its answers and the rule that matched."""

    evidence: StackEvidence
    reading: Reading
    rule: Rule
    confidence: Confidence


def judge(evidence: Evidence, about: EndpointEvidence, peers: Peers) -> Judgement:
    """The verdict on one endpoint. Total: any evidence gives exactly one."""
    parts = [
        _judge_stack(Asked(evidence=evidence, endpoint=about, stack=about.stacks[name], peers=peers))
        for name in sorted(about.stacks)
    ]
    if not parts:
        gap = coverage_gap(about)
        return _judgement(about, [], _RULE["not_tested"], Confidence.NONE, gap, (), {})
    rule, confidence, leading = _fold(parts)
    text = reason(rule, leading.reading, leading.evidence, about)
    others = {part.rule.verdict for part in parts} - {rule.verdict, Verdict.NOT_TESTED}
    if len(parts) > 1 and others:
        text += f" (one of {len(parts)} TLS stacks)"
    return _judgement(about, parts, rule, confidence, text, what_is_missing(rule, leading.reading), leading.reading)


def judge_all(evidence: Evidence, app_id: str) -> list[Judgement]:
    """The verdicts on all endpoints of an app, by host and port."""
    peers = peers_of(evidence)
    return [judge(evidence, about, peers) for about in evidence.of_app(app_id)]


def _judge_stack(asked: Asked) -> _Part:
    reading = read(asked)
    rule = next(rule for rule in RULES if _matches(rule, reading))
    return _Part(evidence=asked.stack, reading=reading, rule=rule, confidence=_confidence(rule, reading))


def _matches(rule: Rule, reading: Reading) -> bool:
    def present(signal_id: str) -> bool:
        return reading[signal_id].state is State.PRESENT

    return (
        all(map(present, rule.present))
        and (not rule.any_present or any(map(present, rule.any_present)))
        and not any(map(present, rule.lacking))
    )


def _confidence(rule: Rule, reading: Reading) -> Confidence:
    confidence = rule.confidence
    if any(all(reading[s].state is State.PRESENT for s in group) for group in rule.confirmed_if):
        confidence = Confidence.CONFIRMED
    if rule.id == "degraded":
        strong = [reading[s] for s in STRONG if reading[s].state is State.PRESENT]
        # A configuration of its own, without pins, may be meant so: no count tells.
        counts = [signal.count for signal in strong if signal.cause != Standing.SHADOWED]
        often = max(counts, default=0) >= STRONG_CONFIRMED_COUNT
        confidence = Confidence.CONFIRMED if often else Confidence.PROBABLE
    if confidence is Confidence.CONFIRMED and reading["debuggable_build"].state is State.PRESENT:
        # A debuggable build may trust and enforce otherwise than the one that users have.
        confidence = Confidence.PROBABLE
    if rule.id == "decrypted" and reading["refusals_unattributed"].state is State.PRESENT:
        confidence = Confidence.PROBABLE
    return confidence


def _fold(parts: Sequence[_Part]) -> tuple[Rule, Confidence, _Part]:
    """One verdict for an endpoint from its stacks: the worst news first, and never surer than its weakest part.

    Stacks that say nothing (only relayed, only neutral outcomes) stay beside the others' verdict. A stack that
    refused without being decided forbids calling the endpoint unpinned.
    """
    by_row = sorted(parts, key=lambda part: (_ROW[part.rule.id], part.evidence.stack))
    speaking = [part for part in by_row if part.evidence.accepts or part.evidence.refusals]
    speaking = speaking or [part for part in by_row if part.rule.verdict is not Verdict.NOT_TESTED] or by_row
    leading = speaking[0]
    if by_row[0].rule.id == "accepts_untrusted":
        return by_row[0].rule, by_row[0].confidence, by_row[0]
    degraded = next((part for part in by_row if part.rule.id == "degraded"), None)
    if degraded is not None:
        return degraded.rule, degraded.confidence, degraded
    refusing = [part for part in speaking if part.evidence.refusals]
    if any(part.evidence.accepts for part in speaking):
        if refusing:
            # What was decrypted by one stack is not pinned, and what another refused is not plainly unpinned.
            return _RULE["too_little"], Confidence.NONE, refusing[0]
        # An accept without a whole request contradicts nothing beside one with.
        speaking = [part for part in speaking if part.rule.verdict is Verdict.UNPINNED] or speaking
        leading = speaking[0]
    pinned = [part for part in speaking if part.rule.verdict is Verdict.PINNED]
    if pinned:
        weakest = min(pinned, key=lambda part: (SURENESS.index(part.confidence), part.evidence.stack))
        return weakest.rule, weakest.confidence, weakest
    weakest = min(speaking, key=lambda part: SURENESS.index(part.confidence))
    return leading.rule, weakest.confidence, leading


def _judgement(
    about: EndpointEvidence,
    parts: Sequence[_Part],
    rule: Rule,
    confidence: Confidence,
    text: str,
    missing: tuple[str, ...],
    reading: Reading,
) -> Judgement:
    return Judgement(
        endpoint=about.endpoint,
        verdict=rule.verdict,
        confidence=confidence,
        rule_id=rule.id,
        reason=text,
        missing=missing,
        signals=tuple(reading.values()),
        stacks=tuple(
            StackJudgement(
                stack=part.evidence.stack,
                ja4s=tuple(part.evidence.ja4s),
                verdict=part.rule.verdict,
                confidence=part.confidence,
                rule_id=part.rule.id,
                reason=reason(part.rule, part.reading, part.evidence, about),
            )
            for part in parts
        ),
    )
