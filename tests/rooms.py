"""Short ways from a list of events to what each room says of it."""

from __future__ import annotations

from collections.abc import Iterable

from pinprobe import events as ev
from pinprobe.attempts import Attempt, AttemptFold, Outcome
from pinprobe.evidence import EndpointEvidence, Evidence, StackEvidence, evidence_of
from pinprobe.signals import Asked, Card, Signal, peers_of
from pinprobe.verdicts import Judgement, judge, judge_all
from tests.builders import CONSCRYPT, Events, journal

HOST = "api.example.com"
"""Where the builders' connections go unless told otherwise."""


def attempts_of(events: Iterable[ev.Event]) -> list[Attempt]:
    """What was last said of each connection, by number."""
    fold = AttemptFold()
    said: dict[int, Attempt] = {}
    last_s = 0.0
    for event in events:
        last_s = max(last_s, event.at_s)
        if settled := fold.feed(event):
            said[settled.attempt.connection_id] = settled.attempt
    for settled in fold.finish(last_s):
        said[settled.attempt.connection_id] = settled.attempt
    return [said[number] for number in sorted(said)]


def attempt_of(connection: Events) -> Attempt:
    """The one attempt that these events are."""
    (attempt,) = attempts_of(journal(connection))
    return attempt


def outcome_of(connection: Events) -> Outcome:
    """How this connection ended."""
    return attempt_of(connection).outcome


def endpoint_in(evidence: Evidence, host: str = HOST, port: int = 443) -> EndpointEvidence:
    """The evidence about a host."""
    (found,) = (
        about
        for endpoint, about in evidence.endpoints.items()
        if (endpoint.host, endpoint.port, endpoint.transport) == (host, port, "tcp")
    )
    return found


def stack_in(events: Events, host: str = HOST, stack: str = CONSCRYPT) -> StackEvidence:
    """What one TLS stack did at a host."""
    return endpoint_in(evidence_of(events), host).stacks[stack]


def answer(card: Card, events: Events, host: str = HOST, stack: str = CONSCRYPT) -> Signal:
    """A card's answer about one stack at a host."""
    evidence = evidence_of(events)
    about = endpoint_in(evidence, host)
    return card.ask(Asked(evidence=evidence, endpoint=about, stack=about.stacks[stack], peers=peers_of(evidence)))


def judged(events: Events, host: str = HOST, port: int = 443) -> Judgement:
    """The verdict on a host."""
    evidence = evidence_of(events)
    return judge(evidence, endpoint_in(evidence, host, port), peers_of(evidence))


def all_judged(events: Iterable[ev.Event]) -> list[Judgement]:
    """The verdicts on every endpoint of every app."""
    evidence = evidence_of(events)
    return [judgement for app in evidence.apps() for judgement in judge_all(evidence, app)]


def said(judgement: Judgement) -> tuple[str, str, str]:
    """The three words of a verdict: verdict, confidence, rule."""
    return judgement.verdict.value, judgement.confidence.value, judgement.rule_id
