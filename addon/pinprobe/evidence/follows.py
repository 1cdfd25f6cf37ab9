"""What an app did right after a refusal, and never else: traffic to another place that follows. Pure.

Everything is decided when asked, from moments. A place counts as following only where *each* contact with it comes
within seconds of a refusal, none after an attempt that worked, and where chance would hardly arrange that.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from statistics import median

from pinprobe.attempts import Endpoint
from pinprobe.evidence.contacts import Contact, How
from pinprobe.evidence.ledger import Evidence
from pinprobe.evidence.moments import Moment, Turn
from pinprobe.thresholds import FALLBACK_WINDOW_S, FOLLOWERS_KEPT, REFUSALS_COMPARED

Source = tuple[Endpoint, str]
"""An endpoint and the stack that refused there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """A place that was contacted only after refusals of one stack at one endpoint."""

    target: Endpoint
    how: How
    count: int
    """Refusals that it followed."""
    refused: int
    """Refusals in all."""
    worked: int
    """Attempts that worked since the first refusal, after which it was not contacted."""
    delay_ms: int
    """Median, from the refusal to the contact."""
    same: int
    """Of the contacts, how many carried one and the same exchange."""

    @property
    def chance(self) -> float:
        """Probability that all contacts fall behind refusals, were they to follow attempts at random."""
        return float((self.refused / (self.refused + self.worked)) ** self.count)


Follows = Mapping[Source, tuple[Follow, ...]]


@dataclass(frozen=True, slots=True)
class _Known:
    """The decided attempts of a source, and until when they are known."""

    moments: list[Moment]
    until_s: float


@dataclass(slots=True)
class _Client:
    """The attempts of one client of an app that came to nothing, in order of their beginning."""

    began_s: list[float] = field(default_factory=list)
    failures: list[tuple[Moment, Source]] = field(default_factory=list)


def follows_of(evidence: Evidence) -> Follows:
    """Find them all."""
    known = {
        (endpoint, name): _Known(stack.kept_moments, until_s=stack.moments.until_s)
        for endpoint, about in evidence.endpoints.items()
        for name, stack in about.stacks.items()
        if stack.refusals
    }
    clients = _clients(known)
    found: dict[Source, list[Follow]] = {}
    if clients:
        for endpoint in sorted(evidence.endpoints):
            for source, follow in _following(evidence, endpoint, clients, known):
                found.setdefault(source, []).append(follow)
    # The most frequent ones stay, should there be many.
    return {
        source: tuple(sorted(follows, key=lambda follow: -follow.count)[:FOLLOWERS_KEPT])
        for source, follows in found.items()
    }


def _clients(known: Mapping[Source, _Known]) -> dict[tuple[str, int], _Client]:
    clients: dict[tuple[str, int], _Client] = {}
    failures = sorted(
        (moment, source)
        for source, about in known.items()
        for moment in about.moments
        if moment.turn is not Turn.WORKED
    )
    for moment, source in failures:
        client = clients.setdefault((source[0].app_id, moment.client), _Client())
        client.began_s.append(moment.opened_s)
        client.failures.append((moment, source))
    return clients


def _following(
    evidence: Evidence,
    target: Endpoint,
    clients: Mapping[tuple[str, int], _Client],
    known: Mapping[Source, _Known],
) -> Iterator[tuple[Source, Follow]]:
    about = evidence.endpoints[target]
    contacts = sorted(about.contacts.kept)
    if not contacts:
        return
    sources = _sources(target, contacts, clients, known)
    if (exact := {source for source in sources if source[0].host == target.host}) and len(exact) < len(sources):
        sources = exact  # where the host itself refused, that is what was followed
    for source in sorted(sources):
        seen = [contact for contact in contacts if contact.at_s <= known[source].until_s]
        follow = _follow(target, seen, known[source].moments, about.contacts.repeats)
        if follow is not None:
            yield source, follow


def _sources(
    target: Endpoint,
    contacts: list[Contact],
    clients: Mapping[tuple[str, int], _Client],
    known: Mapping[Source, _Known],
) -> set[Source]:
    """Who refused, or failed otherwise, shortly before every one of these contacts, as far as is remembered."""
    left: set[Source] | None = None
    for contact in contacts:
        client = clients.get((target.app_id, contact.client), _Client())
        end = bisect_right(client.began_s, contact.at_s)
        near = {
            source
            for moment, source in client.failures[max(0, end - REFUSALS_COMPARED) : end]
            if contact.at_s - moment.before(contact.at_s) <= FALLBACK_WINDOW_S and source[0] != target
        }
        if left is None:
            left = near
        else:
            left = {source for source in left if source in near or known[source].until_s < contact.at_s}
        if not left:
            return set()
    return left or set()


def _follow(
    target: Endpoint, contacts: list[Contact], moments: list[Moment], repeats: Mapping[int, int]
) -> Follow | None:
    """None where any contact follows an attempt that worked."""
    followed: dict[int, float] = {}
    after: list[int] = []
    for contact in contacts:
        earlier = [m for m in moments if m.client == contact.client and m.opened_s <= contact.at_s]
        latest = max(earlier, key=lambda m: (m.before(contact.at_s), m), default=None)
        if latest is None or latest.turn is Turn.WORKED:
            return None
        if latest.turn is Turn.REFUSED:
            followed.setdefault(latest.connection_id, max(0.0, contact.at_s - latest.decided_s))
            after.append(contact.connection_id)
    if not followed:
        return None
    exchanges = Counter(repeats.get(number, number) for number in after)
    read_here = {moment.connection_id for moment in moments}
    alike = [number for first, number in exchanges.items() if number > 1 or first in read_here]
    began_s = min(moment.opened_s for moment in moments if moment.turn is Turn.REFUSED)
    return Follow(
        target=target,
        how=contacts[0].how,
        count=len(followed),
        refused=sum(moment.turn is Turn.REFUSED for moment in moments),
        # Before the first refusal nothing could follow one: a long control makes no contact less of an accident.
        worked=sum(moment.turn is Turn.WORKED and moment.opened_s >= began_s for moment in moments),
        delay_ms=round(1000 * median(followed.values())),
        same=max(alike, default=0),
    )
