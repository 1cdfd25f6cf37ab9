"""Where an app turned to after refusals, and which endpoints belong together by that. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pinprobe.attempts import Endpoint
from pinprobe.evidence import EndpointEvidence, Evidence
from pinprobe.signals import Asked, Peers, fallbacks_here


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class FallbackReport:
    """A place that is contacted only after refusals at an endpoint."""

    target: Endpoint
    how: str
    """tls, http, tcp or quic."""
    count: int
    """Refusals that it followed ..."""
    refused: int
    """... of so many."""
    worked: int
    """Attempts that worked, none of which it followed."""
    delay_ms: int
    """Median."""
    same: int
    """Contacts that carried one and the same exchange."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FallbackGroup:
    """Endpoints that fell back to one another, and how."""

    endpoints: tuple[Endpoint, ...]
    steps: tuple[tuple[Endpoint, FallbackReport], ...]
    """From where, and what followed."""


def fallbacks_of(evidence: Evidence, about: EndpointEvidence, peers: Peers) -> tuple[FallbackReport, ...]:
    """What followed the refusals here, whichever TLS stack refused."""
    found = {
        FallbackReport(
            target=follow.target,
            how=follow.how.value,
            count=follow.count,
            refused=follow.refused,
            worked=follow.worked,
            delay_ms=follow.delay_ms,
            same=follow.same,
        )
        for stack in about.stacks.values()
        for follow in fallbacks_here(Asked(evidence=evidence, endpoint=about, stack=stack, peers=peers))
    }
    return tuple(sorted(found))


def groups_of(fallbacks: Mapping[Endpoint, Iterable[FallbackReport]]) -> tuple[FallbackGroup, ...]:
    """The connected parts of the graph that fallbacks draw."""
    steps = [(source, step) for source in sorted(fallbacks) for step in fallbacks[source]]
    group_of: dict[Endpoint, set[Endpoint]] = {}
    for source, step in steps:
        joined = group_of.get(source, {source}) | group_of.get(step.target, {step.target})
        group_of.update(dict.fromkeys(joined, joined))
    groups = sorted({tuple(sorted(group)) for group in group_of.values()})
    return tuple(
        FallbackGroup(endpoints=group, steps=tuple((source, step) for source, step in steps if source in group))
        for group in groups
    )
