"""Keyless replay: what does the client think of genuine chains, and so, which element of the chain is pinned? Pure.

Clients check chain and pins before the signature. A genuine chain without its key therefore fails either at the
chain (the normal refusal, R) or at the signature (S), and that tells them apart on a device that distrusts our CA.
"""

from dataclasses import dataclass
from enum import StrEnum

from pinprobe.evidence.replays import FOREIGN, GENUINE, SIBLING, Replay
from pinprobe.signals.card import Answer, Asked, Card, Kind, present_if, unknown
from pinprobe.signals.replay_answers import calibration, normal_refusal, steady
from pinprobe.thresholds import FOREIGN_CAS_NEEDED


class Element(StrEnum):
    """What the reading says of the client's trust."""

    LEAF = "leaf"
    CA = "ca"
    LEAF_OR_CA = "leaf_or_ca"
    PRIVATE_STORE = "private_store"
    NONE = "none"
    """Chains of other CAs are accepted: nothing is pinned in the trust manager, as far as they tell."""
    BLIND = "blind"


WORDS = {
    Element.LEAF: "pinned to the leaf",
    Element.CA: "pinned to a CA of the chain",
    Element.LEAF_OR_CA: "pinned to the leaf or a CA of the chain",
    Element.PRIVATE_STORE: "accepts only a CA of its own",
    Element.NONE: "not pinned in the trust manager, only distrusts this CA",
    Element.BLIND: "the probe is blind for this client",
}
PINNED = frozenset({Element.LEAF, Element.CA, Element.LEAF_OR_CA, Element.PRIVATE_STORE})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayReading:
    """What the three probes say together, and what it rests on."""

    element: Element
    because: str
    """Why it is blind, or what the reading rests on."""
    tls_version: str
    normal: int | None
    """The alert of the normal refusal."""
    signature: int | None
    """The alert that follows the host's own chain: chain accepted, signature bad."""
    references: tuple[str, ...]
    """Hosts of the same stack that accepted the very chains that were refused here."""
    foreign_accepted: int


@dataclass(frozen=True, slots=True)
class _Shown:
    """One replayed chain and how it was answered: S, R (with the reference that makes it count) or neither."""

    replay: Replay
    answer: str
    reference: str | None


def read_replays(asked: Asked) -> ReplayReading | None:
    """The reading; None where nothing was replayed."""
    versions = sorted({replay.tls_version for replay in asked.stack.replays.answers})
    readings = [_read(asked, version) for version in versions]
    telling = [reading for reading in readings if reading.element is not Element.BLIND]
    if len({reading.element for reading in telling}) > 1:
        return _blind(telling[0], "its answers differ by TLS version")
    return next(iter(telling or readings), None)


def _blind(reading: ReplayReading, because: str) -> ReplayReading:
    return _reading(Element.BLIND, because, reading.tls_version, reading.normal, reading.signature)


def _reading(
    element: Element,
    because: str,
    version: str,
    normal: int | None,
    signature: int | None,
    references: tuple[str, ...] = (),
    foreign_accepted: int = 0,
) -> ReplayReading:
    return ReplayReading(
        element=element,
        because=because,
        tls_version=version,
        normal=normal,
        signature=signature,
        references=references,
        foreign_accepted=foreign_accepted,
    )


def _read(asked: Asked, version: str) -> ReplayReading:
    normal, signature = normal_refusal(asked.stack), calibration(asked.stack, version)
    if normal is None:
        because = "its normal refusal carries no alert inside the handshake, or several"
        return _reading(Element.BLIND, because, version, normal, signature)
    if signature is None:
        because = "the host's own chain is not yet answered steadily by an alert for a bad signature"
        return _reading(Element.BLIND, because, version, normal, signature)
    shown = [_classify(asked, replay, normal, signature) for replay in _others(asked, version)]
    element, because = _element(asked, shown)
    return _reading(
        element,
        because,
        version,
        normal,
        signature,
        tuple(sorted({one.reference for one in shown if one.reference})),
        _foreign_accepted(asked, shown),
    )


def _foreign_accepted(asked: Asked, shown: list[_Shown]) -> int:
    """How many CAs the accepted foreign chains are of: chains with an authority in common count as one."""
    count = 0
    marks: set[str] = set()
    for one in shown:
        known = asked.evidence.replay_chains.get(one.replay.chain_id)
        its = known.marks if known is not None else (one.replay.chain_id,)
        if one.answer == "S" and one.replay.probe_id == FOREIGN and marks.isdisjoint(its):
            marks.update(its)
            count += 1
    return count


def _others(asked: Asked, version: str) -> list[Replay]:
    return [r for r in sorted(asked.stack.replays.answers) if r.probe_id != GENUINE and r.tls_version == version]


def _classify(asked: Asked, replay: Replay, normal: int, signature: int) -> _Shown:
    answer = steady(asked.stack.replays.answers[replay])
    if answer == signature:
        return _Shown(replay, "S", None)
    if answer != normal:
        # Another alert (a wrong name, an unknown root) says nothing about pins; too few answers say nothing yet.
        return _Shown(replay, "?", None)
    endpoint = asked.endpoint.endpoint
    key = (endpoint.app_id, asked.stack.stack, replay.tls_version, normal, replay.chain_id)
    found = asked.peers.references.get(key, ())
    reference = next((other.host for other in found if other != endpoint), None)
    return _Shown(replay, "R" if reference else "r", reference)


def _element(asked: Asked, shown: list[_Shown]) -> tuple[Element, str]:
    """The table of readings: first match wins."""
    foreign = {one.answer for one in shown if one.replay.probe_id == FOREIGN}
    sibling = {one.answer for one in shown if one.replay.probe_id == SIBLING}
    accepted = _foreign_accepted(asked, shown)
    if "r" in foreign or (foreign == {"S"} and "r" in sibling):
        return (
            Element.BLIND,
            "a reference is missing: no other host of this TLS stack was seen to accept the chains refused here",
        )
    if foreign == {"S"} and sibling <= {"S"}:
        if accepted < FOREIGN_CAS_NEEDED:
            return Element.BLIND, f"only {accepted} foreign CA was tried; {FOREIGN_CAS_NEEDED} are needed"
        return Element.NONE, f"chains of {accepted} foreign CAs are accepted"
    if foreign == {"R"} and sibling == {"R"}:
        return Element.LEAF, "chains of the same CA and of others are refused"
    if foreign == {"R"} and sibling == {"S"}:
        return Element.CA, "another host's chain of the same CA is accepted, chains of others are refused"
    if foreign == {"R"} and sibling <= {"r"}:
        if private_chain(asked):
            return Element.PRIVATE_STORE, "chains of public CAs are refused, and the host's own is not public"
        why = "no reference accepts the one of the same CA" if sibling else "none of the same CA was at hand"
        return Element.LEAF_OR_CA, f"chains of other CAs are refused; {why}"
    if not foreign:
        return Element.BLIND, "no chain of another CA was at hand, or none was answered yet"
    return Element.BLIND, "its answers to chains of other hosts do not fit one reading"


def private_chain(asked: Asked) -> bool:
    """Whether plain devices would not trust the host's own chain."""
    known = [asked.evidence.replay_chains[c] for c in asked.endpoint.chains if c in asked.evidence.replay_chains]
    return bool(known) and all(chain.public is False for chain in known)


def _pinned(asked: Asked) -> Answer:
    reading = read_replays(asked)
    if reading is None or reading.element is Element.BLIND:
        return unknown(reading.because if reading else "no genuine chain was replayed")
    note = f"{WORDS[reading.element]}: {reading.because}"
    if reading.references:
        note += f" (reference: {', '.join(reading.references)})"
    return present_if(reading.element in PINNED, note=note)


def _accepted(asked: Asked) -> Answer:
    reading = read_replays(asked)
    if reading is None or reading.element is Element.BLIND:
        return unknown(reading.because if reading else "no genuine chain was replayed")
    return present_if(reading.element is Element.NONE, count=reading.foreign_accepted, note=reading.because)


REPLAY_PINNED = Card(
    id="replay_pinned",
    kind=Kind.EVIDENCE,
    title="replayed chains show a pin",
    asks="Does the client refuse genuine chains of other hosts that its own TLS stack accepts elsewhere?",
    matters="It proves a pin, and names the element, on a device that does not trust our CA; CT cannot disturb it.",
    limits="Blind where the client sends no alert, or the same one for a bad signature, and without a reference host.",
    evaluate=_pinned,
)
REPLAY_ACCEPTED = Card(
    id="replay_accepted",
    kind=Kind.EVIDENCE,
    title="replayed chains of other CAs are accepted",
    asks="Does the client get as far as the signature with genuine chains of two or more other CAs?",
    matters="Then nothing is pinned in the trust manager: it merely distrusts our CA.",
    limits="A pin that is checked after the handshake (OkHttp's CertificatePinner) cannot be reached this way.",
    evaluate=_accepted,
)
