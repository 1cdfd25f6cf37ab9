"""What a signal is: a card that explains it, a function that answers it, and its three-valued answer. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from pinprobe.events.quick import quick
from pinprobe.evidence import EndpointEvidence, Evidence, StackEvidence
from pinprobe.signals.peers import Peers


class State(StrEnum):
    """Unknown is a value: it never counts for or against anything."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class Kind(StrEnum):
    """What a signal may do to a verdict."""

    EVIDENCE = "evidence"
    STRONG = "strong"
    """A degradation that can make an endpoint suspicious."""
    WEAK = "weak"
    """A degradation, or the sign of one, that is a note and never chooses a verdict."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the evidence says to one question."""

    state: State
    count: int = 0
    of: int = 0
    note: str = ""
    cause: str = ""
    """One word for what makes it so, where there are several kinds."""
    elsewhere: int = 0
    """What another TLS stack did, counted, where the question is about two of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """The answer to a signal's question about one endpoint and stack."""

    id: str
    state: State
    count: int
    of: int
    note: str
    cause: str = ""
    """One word for what makes it so, where there are several kinds; else empty."""
    elsewhere: int = 0
    """What another TLS stack did, counted, where the question is about two of them."""


_answer: Callable[..., Answer] = quick(Answer)  # some sixty of each, whenever a stack is judged
_signal: Callable[..., Signal] = quick(Signal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked about: one stack at one endpoint, within everything that was seen."""

    evidence: Evidence
    endpoint: EndpointEvidence
    stack: StackEvidence
    peers: Peers


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One question about an endpoint's evidence."""

    id: str
    kind: Kind
    title: str
    asks: str
    matters: str
    limits: str
    """What it cannot rule out, or show."""
    evaluate: Callable[[Asked], Answer]
    trigger: str = ""
    """When it is present; every degradation says so."""
    rules_out: str = ""
    """The innocent explanations that it leaves behind; every degradation names them."""

    def ask(self, asked: Asked) -> Signal:
        """Answer the question."""
        said = self.evaluate(asked)
        return _signal(self.id, said.state, said.count, said.of, said.note, said.cause, said.elsewhere)


def present_if(condition: bool, *, count: int = 0, of: int = 0, note: str = "") -> Answer:
    """Present or absent: for questions that the evidence at hand always answers."""
    return _answer(State.PRESENT if condition else State.ABSENT, count, of, note, "", 0)


def unknown(note: str) -> Answer:
    """The evidence to see it was not there; the note says what would be."""
    return _answer(State.UNKNOWN, 0, 0, note, "", 0)
