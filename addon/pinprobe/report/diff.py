"""What changed between two reports, beyond noise: one kind of change per endpoint, and findings that came or went. Pure.

KINDS is the table; the first kind that applies is the endpoint's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from pinprobe.chance import fisher_two_sided
from pinprobe.report.said import EndpointSaid, FindingSaid, Name, ReportSaid
from pinprobe.thresholds import COUNTS_COMPARED, REFUSALS_NEEDED, SMALL_CHANCE
from pinprobe.verdicts import SURENESS, Verdict


class Kind(StrEnum):
    """What changed at an endpoint."""

    CHANGED = "changed"
    """The verdict did, or what was seen contradicts the earlier one."""
    UNDECIDED = "undecided"
    """One side lacks evidence, and what it saw contradicts nothing."""
    SURER = "surer"
    LESS_SURE = "less sure"
    COUNTS = "counts"
    """Same verdict, other shares of refusals than chance explains."""
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One endpoint that is not as it was."""

    endpoint: Name
    kind: Kind
    before: EndpointSaid | None
    after: EndpointSaid | None
    chance: float | None
    """Probability of such counts, were there no difference; None where there is nothing to compare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """All that changed between two reports."""

    before: ReportSaid
    after: ReportSaid
    changes: tuple[Change, ...]
    """By kind, then endpoint."""
    appeared: tuple[FindingSaid, ...]
    went: tuple[FindingSaid, ...]

    @property
    def verdict_changed(self) -> bool:
        """Whether any verdict changed: what a script wants to know."""
        return any(change.kind is Kind.CHANGED for change in self.changes)


UNDECIDED = frozenset({Verdict.INCONCLUSIVE, Verdict.NOT_TESTED})


def difference(before: ReportSaid, after: ReportSaid) -> Difference:
    """Compare two reports."""
    changes = [
        change
        for name in sorted({*before.endpoints, *after.endpoints})
        if (change := _change(name, before.endpoints.get(name), after.endpoints.get(name))) is not None
    ]
    changes.sort(key=lambda change: (list(Kind).index(change.kind), change.endpoint))
    return Difference(
        before=before,
        after=after,
        changes=tuple(changes),
        appeared=_without(after.findings, before.findings),
        went=_without(before.findings, after.findings),
    )


def said_word(said: EndpointSaid) -> str:
    """The verdict in a word; a client that accepts everything is told from one that is merely unpinned."""
    return "accepts untrusted" if said.rule_id == "accepts_untrusted" else said.verdict.value.replace("_", " ")


def _other_verdict(a: EndpointSaid, b: EndpointSaid) -> bool:
    return said_word(a) != said_word(b) and not {a.verdict, b.verdict} & UNDECIDED


def _contradicted(a: EndpointSaid, b: EndpointSaid) -> bool:
    """One side is decided, and the undecided other one saw what cannot be where that verdict holds."""
    for decided, undecided in ((a, b), (b, a)):
        if decided.verdict in UNDECIDED or undecided.verdict not in UNDECIDED:
            continue
        if decided.verdict is Verdict.PINNED and undecided.accepted:
            return True
        if decided.verdict is Verdict.UNPINNED and undecided.refused >= REFUSALS_NEEDED:
            return True
    return False


def _sureness(said: EndpointSaid) -> int:
    return SURENESS.index(said.confidence)


KINDS: tuple[tuple[Kind, Callable[[EndpointSaid, EndpointSaid], bool]], ...] = (
    (Kind.CHANGED, _other_verdict),
    (Kind.CHANGED, _contradicted),
    (Kind.UNDECIDED, lambda a, b: a.verdict is not b.verdict),
    (Kind.SURER, lambda a, b: _sureness(b) > _sureness(a)),
    (Kind.LESS_SURE, lambda a, b: _sureness(b) < _sureness(a)),
    (Kind.COUNTS, lambda a, b: chance_of_counts(a, b) <= SMALL_CHANCE),
)


def _change(name: Name, before: EndpointSaid | None, after: EndpointSaid | None) -> Change | None:
    if before is None or after is None:
        kind = Kind.NEW if before is None else Kind.GONE
        return Change(endpoint=name, kind=kind, before=before, after=after, chance=None)
    for kind, applies in KINDS:
        if applies(before, after):
            chance = chance_of_counts(before, after)
            return Change(endpoint=name, kind=kind, before=before, after=after, chance=chance)
    return None


def chance_of_counts(a: EndpointSaid, b: EndpointSaid) -> float:
    """Probability of counts that differ so much, were refusals as frequent in both (Fisher's exact test, two-sided)."""
    return fisher_two_sided(*_bounded(a.refused, a.accepted), *_bounded(b.refused, b.accepted))


def _bounded(refused: int, accepted: int) -> tuple[int, int]:
    """Two counts of at most so many attempts in all, in the same proportion."""
    total = refused + accepted
    if total <= COUNTS_COMPARED:
        return refused, accepted
    return refused * COUNTS_COMPARED // total, accepted * COUNTS_COMPARED // total


def _without(found: tuple[FindingSaid, ...], known: tuple[FindingSaid, ...]) -> tuple[FindingSaid, ...]:
    names = {(one.id, one.endpoint) for one in known}
    return tuple(one for one in found if (one.id, one.endpoint) not in names)
