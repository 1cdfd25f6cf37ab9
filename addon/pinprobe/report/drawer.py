"""What the page shows of one endpoint when its row is opened: why, handshakes, certificates, raw, what to do. Pure."""

from dataclasses import dataclass

from pinprobe import events as ev
from pinprobe.attempts import Attempt, alert_name
from pinprobe.report import charts
from pinprobe.report.declared import DeclaredView, declared_view
from pinprobe.report.model import EndpointReport, PatternReport
from pinprobe.report.owners import owner_line
from pinprobe.report.pins import pin_line
from pinprobe.report.replays import ReplayedChain, ReplayReport
from pinprobe.report.runs import EndpointRunView, runs_at
from pinprobe.report.safe_text import NAME_LIMIT, safe_text
from pinprobe.report.times import day
from pinprobe.report.words import (
    CHANGES,
    KINDS,
    NEXT,
    RELATIONS,
    closes_count,
    kind_of,
    outcome_words,
    probe_word,
    signal_words,
)
from pinprobe.runs import JOINT_RULES
from pinprobe.signals import SIGNALS, Kind, Signal, State
from pinprobe.verdicts import RULES

PATTERNS_SHOWN = 8
ERRORS_SHOWN = 4
CERTIFICATES_SHOWN = 6
CERTIFICATE_LIMIT = 300
ERROR_LIMIT = 500
STEP_LIMIT = 120
LINES_SHOWN = 12
PINS_SHOWN = 4
"""Of certificates that were shown instead of the server's own."""
REPLAYS_SHOWN = 3
"""TLS stacks whose replays are on the page."""
CHAINS_SHOWN = 4
"""Replayed chains per column."""

_RULE = {rule.id: rule for rule in (*RULES, *JOINT_RULES)}
_DOUBTS = frozenset(
    {"control_failed", "explained_otherwise", "mutual_tls", "tls_mismatch", "name_doubt", "refusals_unattributed"}
)
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
class Replayed:
    """The keyless replay to one TLS stack: the reading, and the three kinds of chains side by side."""

    words: str
    because: str
    stack: str
    """Empty where there is only one."""
    rests_on: tuple[str, ...]
    columns: tuple[tuple[str, tuple[str, ...]], ...]


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
    owner: str
    """Whose host it is, in full."""
    to_do: tuple[str, ...]
    pin_line: str
    """What is worth pinning; empty where the host is not known to be the developer's."""
    attempts: int
    strip: str
    handshakes: tuple[Handshakes, ...]
    handshakes_left_out: int
    replays: tuple[Replayed, ...]
    declared: DeclaredView | None
    """None where no package was read."""
    certificates: tuple[Shown, ...]
    chains_seen: int
    instead: tuple[tuple[str, str], ...]
    """Pins of what was shown instead, each with the probes that showed it."""
    errors: tuple[str, ...]
    beside: tuple[str, ...]
    """What was seen of the host beside TLS."""
    lines: str
    """The command that prints the journal lines of the attempts shown; empty where there are several journals."""
    runs: tuple[EndpointRunView, ...]
    """What each run says, where several were judged together."""


def drawer_of(endpoint: EndpointReport, at_s: float) -> Drawer:
    """Everything that the page shows of one endpoint; days are counted from `at_s`."""
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
        owner=safe_text(owner_line(endpoint.owner)),
        to_do=tuple(map(_sentence, judgement.missing)) or (NEXT[judgement.verdict],),
        pin_line=pin_line(endpoint),
        attempts=endpoint.attempts_total,
        strip=charts.outcome_strip(list(kinds.items())),
        handshakes=tuple(_handshakes(pattern, closes, several) for pattern in shown),
        handshakes_left_out=len(endpoint.patterns) - len(shown),
        replays=tuple(_replayed(replay, several) for replay in endpoint.replays[:REPLAYS_SHOWN]),
        declared=declared_view(endpoint.declared, judgement, at_s),
        certificates=tuple(map(_certificate, endpoint.server_chain[:CERTIFICATES_SHOWN])),
        chains_seen=endpoint.server_chains_seen,
        instead=_instead(examples),
        errors=_errors(endpoint, examples),
        beside=_beside(endpoint),
        lines="" if endpoint.runs else _lines(examples),
        runs=runs_at(endpoint),
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


def _replayed(replay: ReplayReport, several_stacks: bool) -> Replayed:
    rests_on = []
    if replay.normal is not None:
        rests_on.append(f"normal refusal: {_alert(replay.normal)}")
    if replay.signature is not None:
        rests_on.append(f"calibration, by its own chain: {_alert(replay.signature)}")
    if replay.references:
        hosts = ", ".join(safe_text(host, NAME_LIMIT) for host in replay.references)
        rests_on.append(f"reference, which accepts the chains refused here: {hosts}")
    return Replayed(
        words=replay.words,
        because=replay.because,
        stack=replay.stack if several_stacks else "",
        rests_on=tuple(rests_on),
        columns=tuple(
            (title, _column([chain for chain in replay.chains if chain.probe_id == probe_id]))
            for probe_id, title in RELATIONS.items()
        ),
    )


def _column(chains: list[ReplayedChain]) -> tuple[str, ...]:
    lines = [_answered(chain) for chain in chains[:CHAINS_SHOWN]]
    more = len(chains) - len(lines)
    return (*lines, *([f"{more} more in report.json"] if more > 0 else [])) or ("not shown",)


def _answered(chain: ReplayedChain) -> str:
    whose = safe_text(chain.host or f"chain {chain.chain_id}", NAME_LIMIT)
    said = ", ".join(f"{answer.count}× {answer.words}" for answer in chain.answers)
    return f"{whose}, {safe_text(chain.tls_version, STEP_LIMIT)}: {said}"


def _alert(number: int) -> str:
    return f"{alert_name(number)} ({number})"


def _certificate(certificate: ev.Certificate) -> Shown:
    return Shown(
        subject=safe_text(certificate.subject, CERTIFICATE_LIMIT) or "(no subject)",
        pin_sha256=safe_text(certificate.pin_sha256, CERTIFICATE_LIMIT),
        until=f"{day(certificate.not_before_s)} to {day(certificate.not_after_s)}",
    )


def _instead(examples: list[Attempt]) -> tuple[tuple[str, str], ...]:
    probes: dict[str, dict[str, None]] = {}
    for attempt in examples:
        if attempt.leaf_pin_sha256:
            probes.setdefault(attempt.leaf_pin_sha256, {})[probe_word(attempt.probe_id)] = None
    return tuple((safe_text(pin, STEP_LIMIT), ", ".join(words)) for pin, words in list(probes.items())[:PINS_SHOWN])


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
