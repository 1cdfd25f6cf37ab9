"""The keyless replay at one endpoint, as it is shown: what each TLS stack answered to each chain, and the reading. Pure."""

from dataclasses import dataclass

from pinprobe.attempts import alert_name
from pinprobe.evidence import EndpointEvidence, Evidence, StackEvidence
from pinprobe.evidence.replays import FOREIGN, GENUINE, NO_ALERT, SIBLING, Replay
from pinprobe.signals import Asked, Peers
from pinprobe.signals.replay import WORDS, Element, read_replays
from pinprobe.signals.replay_answers import calibration, normal_refusal

ORDER = (GENUINE, SIBLING, FOREIGN)

VOUCHES = "a reference for endpoints that refuse"
SETTLED = "it accepts the proxy's certificate, so there is no refusal to explain here"
"""Of a stack that accepts here: its answers show which chains it takes, and readings of other endpoints rest on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayAnswer:
    """One way in which a replayed chain was answered."""

    alert: int | None
    count: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedChain:
    """One chain that was shown without its key, and the answers to it."""

    probe_id: str
    chain_id: str
    host: str | None
    """Whose chain it is; None where that was not journalled."""
    source: str | None
    """session, or file."""
    tls_version: str
    answers: tuple[ReplayAnswer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayReport:
    """What the replays say of one TLS stack at one endpoint."""

    stack: str
    element: Element
    words: str
    because: str
    tls_version: str
    normal: int | None
    """The alert of the normal refusal."""
    signature: int | None
    """The alert that follows the host's own chain: chain accepted, signature bad."""
    references: tuple[str, ...]
    """Hosts of the same stack that accepted the very chains that were refused here."""
    chains: tuple[ReplayedChain, ...]
    """Genuine, sibling, foreign."""


def replays_of(evidence: Evidence, about: EndpointEvidence, peers: Peers) -> tuple[ReplayReport, ...]:
    """One per TLS stack that was shown a replayed chain here."""
    found = []
    for name in sorted(about.stacks):
        stack = about.stacks[name]
        reading = read_replays(Asked(evidence=evidence, endpoint=about, stack=stack, peers=peers))
        if reading is None:
            continue
        found.append(
            ReplayReport(
                stack=name,
                element=reading.element,
                words=VOUCHES if stack.accepts else WORDS[reading.element],
                because=SETTLED if stack.accepts else reading.because,
                tls_version=reading.tls_version,
                normal=reading.normal,
                signature=reading.signature,
                references=reading.references,
                chains=_chains(evidence, stack, about.endpoint.host),
            )
        )
    return tuple(found)


def _chains(evidence: Evidence, stack: StackEvidence, own: str) -> tuple[ReplayedChain, ...]:
    normal = normal_refusal(stack)
    signatures = {version: calibration(stack, version) for version in {r.tls_version for r in stack.replays.answers}}
    chains = []
    for replay in sorted(stack.replays.answers, key=_place):
        known = evidence.replay_chains.get(replay.chain_id)
        counts = stack.replays.answers[replay]
        chains.append(
            ReplayedChain(
                probe_id=replay.probe_id,
                chain_id=replay.chain_id,
                # Several hosts may share one certificate; under its own chain a host is that chain's owner.
                host=own if replay.probe_id == GENUINE else known.host if known is not None else None,
                source=known.source if known is not None else None,
                tls_version=replay.tls_version,
                answers=tuple(
                    ReplayAnswer(
                        alert=None if number == NO_ALERT else number,
                        count=counts[number],
                        words=_words(number, normal, signatures[replay.tls_version]),
                    )
                    for number in sorted(counts)
                ),
            )
        )
    return tuple(chains)


def _place(replay: Replay) -> tuple[int, Replay]:
    return (ORDER.index(replay.probe_id) if replay.probe_id in ORDER else len(ORDER), replay)


def _words(number: int, normal: int | None, signature: int | None) -> str:
    """What one answer means, by this stack's own calibration; an alert that it does not explain is only named."""
    if number == NO_ALERT:
        return "closed without an alert"
    named = f"alert {alert_name(number)} ({number})"
    if number == signature:
        return f"chain accepted, signature refused: {named}"
    if number == normal:
        return f"chain refused: {named}" if signature is not None else f"as it refuses the proxy's certificate: {named}"
    return named
