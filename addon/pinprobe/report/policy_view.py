"""What the page shows of a ruling: the answer, and its breaches with the numbers of their rows. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pinprobe.attempts import Endpoint
from pinprobe.findings import Level
from pinprobe.report.policy_text import headline
from pinprobe.report.ruling import Breach, Ruling, Standing

SHOWN = 100
"""Of a list; report.json has them all."""
LEVELS = {Standing.MET: Level.NOTE, Standing.BROKEN: Level.ERROR, Standing.NOTHING_OBSERVED: Level.WARNING}


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachView:
    """One line."""

    what: str
    finding: str | None
    """The id of its article on the page, where it is one."""
    row: int | None
    """Its endpoint's row; None where no endpoint is what it speaks of."""
    subject: str
    text: str
    waived: str | None
    """Until when, and why; None where it breaks the policy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyView:
    """The section."""

    level: Level
    sentence: str
    headline: str
    breaches: tuple[BreachView, ...]
    """What is broken, then what is waived."""
    left_out: int
    remarks: tuple[str, ...]


def policy_view(ruling: Ruling | None, rows: Mapping[Endpoint, int]) -> PolicyView | None:
    """None where no policy was given."""
    if ruling is None:
        return None
    every: Sequence[BreachView] = [
        *(_breach(breach, rows, None) for breach in ruling.broken),
        *(_breach(one.breach, rows, f"until {one.until}: {one.reason}") for one in ruling.waived),
    ]
    return PolicyView(
        level=LEVELS[ruling.standing],
        sentence=ruling.sentence,
        headline=headline(ruling),
        breaches=tuple(every[:SHOWN]),
        left_out=max(0, len(every) - SHOWN),
        remarks=ruling.remarks[:SHOWN],
    )


def _breach(breach: Breach, rows: Mapping[Endpoint, int], waived: str | None) -> BreachView:
    return BreachView(
        what=breach.what,
        finding=breach.what.lower() if breach.what == breach.rule_id else None,
        row=None if breach.endpoint is None else rows.get(breach.endpoint),
        subject=breach.subject,
        text=breach.text,
        waived=waived,
    )
