"""Our own words for probes, outcomes and signals, as people read them. Pure."""

from pinprobe.attempts import RELAY, RELAYS, TRUSTED_CA, Outcome, alert_name
from pinprobe.evidence.replays import FOREIGN, GENUINE, SIBLING
from pinprobe.probes import UNKNOWN_CA
from pinprobe.report.fallbacks import FallbackReport
from pinprobe.report.model import EndpointReport, PatternReport
from pinprobe.signals import SIGNALS, Signal, State
from pinprobe.verdicts import Verdict

PROBES = {
    TRUSTED_CA: "trusted CA",
    UNKNOWN_CA.id: "unknown CA",
    RELAY: "control",
    GENUINE: "replay genuine",
    SIBLING: "replay sibling",
    FOREIGN: "replay foreign",
}
"""In the order in which they are shown; other probes follow under their own id."""

OUTCOMES: dict[Outcome, str] = {
    Outcome.DATA_EXCHANGED: "sent data",
    Outcome.PREFACE_ONLY: "HTTP/2 preface only",
    Outcome.ALERT_DURING_HANDSHAKE: "refused in the handshake",
    Outcome.SIGNATURE_ALERT: "chain accepted, signature refused",
    Outcome.OTHER_ALERT: "alert not about the certificate",
    Outcome.CLOSED_DURING_HANDSHAKE: "closed in the handshake, no alert",
    Outcome.CLOSED_BEFORE_CERTIFICATE: "left before the certificate",
    Outcome.ALERT_AFTER_HANDSHAKE: "refused after the handshake",
    Outcome.CLOSED_WITHOUT_DATA: "closed after the handshake, no data",
    Outcome.SILENT: "connected, stayed silent",
    Outcome.RESUMED: "resumed, no certificate shown",
    Outcome.UPSTREAM_FAILED: "real server not reached",
    Outcome.RELAY_WORKED: "worked",
    Outcome.RELAY_FAILED: "failed",
    Outcome.RELAY_UNCLEAR: "ended too early to tell",
    Outcome.PROXY_ERROR: "the proxy failed",
    Outcome.UNFINISHED: "open at the end",
}

KINDS = ("accepted", "refused", "control", "neutral")
"""What an attempt counts as, for a glance."""

_ACCEPTS = frozenset({Outcome.DATA_EXCHANGED})
_REFUSALS = frozenset({Outcome.ALERT_DURING_HANDSHAKE, Outcome.ALERT_AFTER_HANDSHAKE})
_CLOSES = frozenset({Outcome.CLOSED_WITHOUT_DATA, Outcome.CLOSED_DURING_HANDSHAKE, Outcome.PREFACE_ONLY})
"""Refusals or not, by what else was seen: `refused` says whether they were counted."""

RELATIONS = {GENUINE: "its own chain", SIBLING: "of the same CA", FOREIGN: "of other CAs"}
"""Replayed chains by what they are to the host, side by side."""

_CHAIN = "chain accepted"
PROBES_SHOWN = 4

CHANGES: dict[Verdict, str] = {
    Verdict.UNPINNED: "repeated refusals of the proxy's certificate",
    Verdict.PINNED: "a request sent under the proxy's certificate",
    Verdict.SUSPICIOUS: "nothing in this session: what was seen stays seen",
    Verdict.INCONCLUSIVE: "requests under the proxy's certificate, or repeated refusals beside a control that works",
    Verdict.NOT_TESTED: "an attempt that is shown the proxy's certificate",
}
"""What would change, or bring, a verdict."""

NEXT: dict[Verdict, str] = {
    Verdict.UNPINNED: "Nothing is missing for this verdict.",
    Verdict.PINNED: "Nothing is missing for this verdict.",
    Verdict.SUSPICIOUS: "Repeat the session: does the app do so again?",
    Verdict.INCONCLUSIVE: "Use this part of the app longer, or once more: more attempts can decide.",
    Verdict.NOT_TESTED: "Use this part of the app once more while the proxy runs.",
}
"""What a tester can do where no rule names anything that is missing."""

_TITLES = {card.id: card.title for card in SIGNALS}


def probe_word(probe_id: str) -> str:
    """A probe's short name."""
    return PROBES.get(probe_id, probe_id.replace("_", " "))


def outcome_words(outcome: Outcome, alert: int | None) -> str:
    """How an attempt ended, with its alert."""
    said = OUTCOMES[outcome]
    return said if alert is None else f"{said}: {alert_name(alert)} ({alert})"


def signal_words(signal: Signal) -> str:
    """A signal's title with its counts and note."""
    said = _TITLES.get(signal.id, signal.id)
    if signal.state is State.PRESENT and signal.count:
        said += f" ({signal.count} of {signal.of})" if signal.of else f" ({signal.count}×)"
    return f"{said}: {signal.note}" if signal.note else said


def fallback_words(step: FallbackReport) -> str:
    """How often it followed, how soon, and that nothing else did."""
    how = {"http": "without TLS, ", "tcp": "raw TCP, ", "quic": "QUIC, "}.get(step.how, "")
    same = f"; {step.same} times the same exchange" if step.same else ""
    return (
        f"{how}after {step.count} of {step.refused} refusals and none of {step.worked} attempts that worked, "
        f"{step.delay_ms} ms later{same}"
    )


def kind_of(pattern: PatternReport, closes_count: bool) -> str:
    """Which of KINDS these attempts are."""
    if pattern.outcome in RELAYS or pattern.probe_id == RELAY:
        return "control"
    if pattern.outcome in _ACCEPTS:
        return "accepted"
    if pattern.outcome in _REFUSALS or (closes_count and pattern.outcome in _CLOSES):
        return "refused"
    return "neutral"


def closes_count(endpoint: EndpointReport) -> bool:
    """Whether closes without a word were judged to be refusals at this endpoint."""
    return any(signal.id == "refused" and signal.state is State.PRESENT for signal in endpoint.judgement.signals)


def probe_counts(endpoint: EndpointReport) -> list[str]:
    """Per probe, how many attempts ended how: 'trusted CA 6/6 refused', 'control 3/3'."""
    closes = closes_count(endpoint)
    by_probe: dict[str, dict[str, int]] = {probe_id: {} for probe_id in PROBES}
    for pattern in endpoint.patterns:
        kind = kind_of(pattern, closes)
        if kind == "control":
            kind = {Outcome.RELAY_WORKED: "worked", Outcome.RELAY_FAILED: "failed"}.get(pattern.outcome, "neutral")
        elif pattern.outcome is Outcome.SIGNATURE_ALERT:
            kind = _CHAIN
        counts = by_probe.setdefault(pattern.probe_id, {})
        counts[kind] = counts.get(kind, 0) + pattern.count
    said = [f"{probe_word(probe_id)} {_counts(counts)}" for probe_id, counts in by_probe.items() if counts]
    more = len(said) - PROBES_SHOWN
    return said if more <= 0 else [*said[:PROBES_SHOWN], f"{more} more probe{'' if more == 1 else 's'}"]


def _counts(counts: dict[str, int]) -> str:
    controls = counts.get("worked", 0) + counts.get("failed", 0)
    if controls:
        return f"{counts.get('worked', 0)}/{controls}"
    total = sum(counts.values())
    said = [f"{counts[kind]}/{total} {kind}" for kind in ("accepted", "refused", _CHAIN) if kind in counts]
    return ", ".join(said) or f"{total} undecided"
