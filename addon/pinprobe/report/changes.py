"""What changed against the same app's session before, as the index marks it: counts in a line, and the hosts. Pure."""

from dataclasses import dataclass

from pinprobe.report.diff import Change, Difference, Kind, difference
from pinprobe.report.diff_format import said_words
from pinprobe.report.places import WHOLE_APP, place
from pinprobe.report.safe_text import NAME_LIMIT, safe_text
from pinprobe.report.said import FindingSaid, ReportSaid

NAMED = 20
"""Endpoints of one kind of change that are named; the others are counted."""
NOTHING = "nothing changed"

WORDS: dict[Kind, str] = {
    Kind.CHANGED: "changed",
    Kind.UNDECIDED: "without evidence on one side",
    Kind.SURER: "surer",
    Kind.LESS_SURE: "less sure",
    Kind.COUNTS: "refused in another share",
    Kind.NEW: "new",
    Kind.GONE: "gone",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """One kind of change, and where."""

    word: str
    lines: tuple[str, ...]
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """All that changed since the session before."""

    words: str
    against: str
    """The id of that session."""
    changed: bool
    """Whether a verdict did: what must be seen first."""
    kinds: tuple[Marked, ...]


def marks_of(before: ReportSaid, after: ReportSaid) -> Marks:
    """Compare two sessions of one app."""
    found = difference(before, after)
    kinds = [(WORDS[kind], [_line(one) for one in found.changes if one.kind is kind]) for kind in Kind]
    kinds += _findings(found)
    return Marks(
        words=", ".join(f"{len(lines)} {word}" for word, lines in kinds if lines) or NOTHING,
        against=safe_text(before.session_id, NAME_LIMIT),
        changed=found.verdict_changed,
        kinds=tuple(
            Marked(word=word, lines=tuple(lines[:NAMED]), left_out=max(0, len(lines) - NAMED))
            for word, lines in kinds
            if lines
        ),
    )


def _line(change: Change) -> str:
    words = [said_words(said) for said in (change.before, change.after) if said is not None]
    name = change.endpoint
    return f"{place(name.host, name.port, name.transport)}: {' → '.join(words)}"


def _findings(found: Difference) -> list[tuple[str, list[str]]]:
    """Findings that came or went, a line for each place."""
    return [
        (
            f"finding{'' if len(ones) == 1 else 's'} {word}",
            [f"{_place(one)}: {safe_text(one.id, 40)} {safe_text(one.title)}" for one in ones],
        )
        for word, ones in (("appeared", found.appeared), ("went", found.went))
    ]


def _place(one: FindingSaid) -> str:
    name = one.endpoint
    return WHOLE_APP if name is None else place(name.host, name.port, name.transport)
