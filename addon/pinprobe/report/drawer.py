"""What the page shows of one endpoint when its row is opened: why, handshakes, certificates, raw, what to do. Pure."""

from dataclasses import dataclass

from pinprobe import events as ev
from pinprobe.attempts import Attempt
from pinprobe.report import charts
from pinprobe.report.model import EndpointReport, PatternReport
from pinprobe.report.safe_text import safe_text
from pinprobe.report.times import day
from pinprobe.report.words import CHANGES, KINDS, NEXT, closes_count, kind_of, outcome_words, probe_word, signal_words
from pinprobe.signals import SIGNALS, Kind, Signal, State
from pinprobe.verdicts import RULES

PATTERNS_SHOWN = 8
ERRORS_SHOWN = 4
CERTIFICATES_SHOWN = 6
CERTIFICATE_LIMIT = 300
ERROR_LIMIT = 500
STEP_LIMIT = 120
LINES_SHOWN = 12

_RULE = {rule.id: rule for rule in RULES}
_DOUBTS = frozenset({"control_failed", "explained_otherwise", "mutual_tls", "tls_mismatch", "name_doubt"})
_AGAINST = _DOUBTS | {card.id for card in SIGNALS if card.kind is not Kind.EVIDENCE}
"""Signals that speak against a verdict, or beside it, when its rule does not name them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handshakes:
    """Attempts that look the same, and one of them as a timeline."""

    kind: str
    count: int
    words: str
    steps: tuple[tuple[int, str], ...]
    line: str
    """The timeline as a drawing; empty where there is nothing to draw."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One certificate of the server's chain."""

    subject: str
    pin_sha256: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawer:
    """The evidence behind one verdict."""

    reason: str
    """In full."""
    rule_id: str
    says: str
    speaks_for: tuple[str, ...]
    speaks_against: tuple[str, ...]
    unknown: tuple[str, ...]
    changes: str
    to_do: tuple[str, ...]
    attempts: int
    strip: str
    handshakes: tuple[Handshakes, ...]
    handshakes_left_out: int
    certificates: tuple[Shown, ...]
    chains_seen: int
    errors: tuple[str, ...]
    beside: tuple[str, ...]
    """What was seen of the host beside TLS."""
    lines: str
    """The command that prints the journal lines of the attempts shown."""


def drawer_of(endpoint: EndpointReport) -> Drawer:
    """Everything that the page shows of one endpoint."""
    judgement = endpoint.judgement
    closes = closes_count(endpoint)
    kinds = dict.fromkeys(KINDS, 0)
    for pattern in endpoint.patterns:
        kinds[kind_of(pattern, closes)] += pattern.count
    speaks_for, speaks_against, unknown = _signals(endpoint)
    shown = endpoint.patterns[:PATTERNS_SHOWN]
    examples = [attempt for pattern in shown for attempt in pattern.examples]
    several = len({pattern.stack for pattern in endpoint.patterns}) > 1
    return Drawer(
        reason=judgement.reason,
        rule_id=judgement.rule_id,
        says=_RULE[judgement.rule_id].says,
        speaks_for=speaks_for,
        speaks_against=speaks_against,
        unknown=unknown,
        changes=CHANGES[judgement.verdict],
        to_do=tuple(map(_sentence, judgement.missing)) or (NEXT[judgement.verdict],),
        attempts=endpoint.attempts_total,
        strip=charts.outcome_strip(list(kinds.items())),
        handshakes=tuple(_handshakes(pattern, closes, several) for pattern in shown),
        handshakes_left_out=len(endpoint.patterns) - len(shown),
        certificates=tuple(map(_certificate, endpoint.server_chain[:CERTIFICATES_SHOWN])),
        chains_seen=endpoint.server_chains_seen,
        errors=_errors(endpoint, examples),
        beside=_beside(endpoint),
        lines=_lines(examples),
    )


def _signals(endpoint: EndpointReport) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Signals for the verdict, against it, and those that the rule would still like to know."""
    rule = _RULE[endpoint.judgement.rule_id]
    wanted = {*(s for group in rule.confirmed_if for s in group), *(s for s, _ in rule.settles)}
    named = {*rule.present, *rule.any_present, *wanted}
    signals = endpoint.judgement.signals

    def words(chosen: list[Signal]) -> tuple[str, ...]:
        return tuple(map(signal_words, chosen))

    present = [signal for signal in signals if signal.state is State.PRESENT]
    return (
        words([signal for signal in present if signal.id in named]),
        words([signal for signal in present if signal.id in _AGAINST - named]),
        words([signal for signal in signals if signal.state is not State.PRESENT and signal.id in wanted]),
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def _handshakes(pattern: PatternReport, closes: bool, several_stacks: bool) -> Handshakes:
    example = pattern.examples[0] if pattern.examples else None
    steps = example.steps if example is not None else ()
    words = f"{probe_word(pattern.probe_id)}: {outcome_words(pattern.outcome, pattern.alert)}"
    if pattern.tls_version:
        words += f", {pattern.tls_version}"
    if several_stacks:
        words += f", stack {pattern.stack}"
    return Handshakes(
        kind=kind_of(pattern, closes),
        count=pattern.count,
        words=words,
        steps=tuple((step.ms, safe_text(step.what, STEP_LIMIT)) for step in steps),
        line=charts.timeline([step.ms for step in steps]),
    )


def _certificate(certificate: ev.Certificate) -> Shown:
    return Shown(
        subject=safe_text(certificate.subject, CERTIFICATE_LIMIT) or "(no subject)",
        pin_sha256=safe_text(certificate.pin_sha256, CERTIFICATE_LIMIT),
        until=f"{day(certificate.not_before_s)} to {day(certificate.not_after_s)}",
    )


def _errors(endpoint: EndpointReport, examples: list[Attempt]) -> tuple[str, ...]:
    said = dict.fromkeys(attempt.error for attempt in examples if attempt.error)
    found = [safe_text(error, ERROR_LIMIT) for error in said]
    found += [f"{safe_text(error, ERROR_LIMIT)} ({count}×)" for error, count in endpoint.upstream_errors]
    left_out = len(found) - ERRORS_SHOWN
    return (*found[:ERRORS_SHOWN], *([f"and {left_out} more in report.json"] if left_out > 0 else []))


def _beside(endpoint: EndpointReport) -> tuple[str, ...]:
    seen = (
        (endpoint.cleartext, "without TLS"),
        (endpoint.datagrams, "over QUIC"),
        (endpoint.coalesced, "through another host's connection"),
    )
    return tuple(f"{count}× {how}" for count, how in seen if count)


def _lines(examples: list[Attempt]) -> str:
    numbers = sorted({attempt.line for attempt in examples})[:LINES_SHOWN]
    return f"sed -n '{';'.join(f'{number}p' for number in numbers)}' journal.jsonl" if numbers else ""
