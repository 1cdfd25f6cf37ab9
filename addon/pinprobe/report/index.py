"""The page that lists every report: all apps, all sessions, newest first, each against the one before. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from pinprobe.report import charts
from pinprobe.report.changes import Marks, marks_of
from pinprobe.report.faces import FACES, Face, full_word
from pinprobe.report.html import fill
from pinprobe.report.ruling import Standing
from pinprobe.report.safe_text import NAME_LIMIT, safe_text
from pinprobe.report.said import ReportSaid, said_by

Compare = Callable[["Entry", "Entry"], Marks]
"""What changed between a report and the one before it, which comes first."""

PAGE = "report.html"
UNREAD_SHOWN = 20
POLICY_WORDS: Mapping[str, tuple[str, str]] = {
    Standing.MET: ("note", "The policy is met."),
    Standing.BROKEN: ("error", "The policy is broken."),
    Standing.NOTHING_OBSERVED: ("warning", "Nothing that was observed says whether the policy is met."),
}
"""By the standing of a report, which is a word in its JSON: a class of the style sheet, and a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One report, as the list shows it."""

    label: str
    session_id: str
    together: int
    """How many sessions were judged together; such a report is nobody's session before."""
    started_at: str
    ca_store: str
    sentence: str
    endpoints: int
    policy: str
    """How it stands against its policy; empty where none was given."""
    faces: tuple[tuple[Face, int], ...]
    folder: str
    """Where its files lie, from the list."""
    href: str
    """From the list to the page."""
    app_id: str
    load: Callable[[], ReportSaid] = field(compare=False)
    """All that it says, for the comparison with another session. Raises OSError or ValueError where it is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """A session without a report that could be read, and why."""

    folder: str
    why: str


def entry_of(document: Any, folder: str) -> Entry:
    """Read a report's JSON, which lies in this folder. Raises ValueError for what is no report."""
    said = said_by(document)
    try:
        summary, session = document["summary"], document["session"]
        entry = Entry(
            label=document["app"]["label"],
            session_id=said.session_id,
            together=_together(document),
            started_at=session["started_at"] or "",
            ca_store=session["ca_store"],
            sentence=summary["sentence"],
            endpoints=summary["endpoints"],
            policy=document["policy"]["standing"] if "policy" in document else "",
            faces=_faces(summary),
            folder=folder,
            href=linked(folder),
            app_id=said.app_id,
            load=lambda: said,
        )
    except (TypeError, KeyError) as error:
        raise ValueError(f"not a report: {error!r}") from error
    texts = (entry.label, entry.started_at, entry.ca_store, entry.sentence, entry.policy)
    numbers = (entry.endpoints, *(number for _, number in entry.faces))
    if not all(type(text) is str for text in texts) or not all(type(number) is int for number in numbers):
        raise ValueError("not a report: a field is of another kind")
    return entry


def linked(folder: str) -> str:
    """The way from the list to a report's page."""
    return quote(f"{folder}/{PAGE}")


def marks_between(before: Entry, entry: Entry) -> Marks:
    """What changed between two reports."""
    return marks_of(before.load(), entry.load())


def render(entries: Sequence[Entry], unread: Sequence[Unread] = (), compare: Compare = marks_between) -> str:
    """The whole page."""
    newest_first = sorted(entries, key=lambda entry: (entry.started_at, entry.session_id), reverse=True)
    sessions = [entry for entry in newest_first if not entry.together]
    before = _before(sessions)
    return fill(
        "index.html",
        sessions=[_shown(entry, before.get(number), compare) for number, entry in enumerate(sessions)],
        joint=[_shown(entry, None, compare) for entry in newest_first if entry.together],
        apps=len({entry.app_id for entry in entries}),
        unread=[(safe_text(one.folder, NAME_LIMIT), safe_text(one.why)) for one in unread[:UNREAD_SHOWN]],
        unread_left_out=max(0, len(unread) - UNREAD_SHOWN),
    )


def _before(newest_first: Sequence[Entry]) -> dict[int, Entry]:
    """By a session's place in the list, the same app's session before."""
    found: dict[int, Entry] = {}
    latest: dict[str, int] = {}
    for number, entry in enumerate(newest_first):
        if entry.app_id in latest:
            found[latest[entry.app_id]] = entry
        latest[entry.app_id] = number
    return found


def _together(document: dict[str, Any]) -> int:
    """How many sessions a joint report judges; 0 of a session's own."""
    runs = document.get("runs")
    return len(runs) if isinstance(runs, list) and len(runs) > 1 else 0


def _faces(summary: dict[str, Any]) -> tuple[tuple[Face, int], ...]:
    """Counts by face, from the counts by verdict."""
    verdicts = dict(summary["verdicts"])
    numbers = {
        **verdicts,
        "untrusted": summary["accepts_untrusted"],
        "unproven": summary["pinned_unproven"],
        "unpinned": verdicts["unpinned"] - summary["accepts_untrusted"],
        "pinned": verdicts["pinned"] - summary["pinned_unproven"],
    }
    return tuple((face, numbers[face.id]) for face in FACES)


def _shown(entry: Entry, before: Entry | None, compare: Compare) -> dict[str, Any]:
    return {
        "label": safe_text(entry.label, NAME_LIMIT),
        "session_id": f"{entry.together} runs together" if entry.together else safe_text(entry.session_id, NAME_LIMIT),
        "started_at": safe_text(entry.started_at, 40).replace("T", " ").replace("Z", " UTC"),
        "sentence": entry.sentence,
        "policy": POLICY_WORDS.get(entry.policy),
        "bar": charts.verdict_bar([(face.id, number) for face, number in entry.faces]),
        "faces": [(face, full_word(face), number) for face, number in entry.faces if number],
        "href": entry.href,
        "together": entry.together,
        "marks": _marks(entry, before, compare),
        "moved": _moved(entry, before),
    }


def _marks(entry: Entry, before: Entry | None, compare: Compare) -> Marks | None:
    try:
        return compare(before, entry) if before is not None else None
    except (OSError, ValueError):
        return None  # one of the two is gone, or is another file, since the list was begun


def _moved(entry: Entry, before: Entry | None) -> str:
    """What else differs, and may be why; empty where nothing does."""
    if before is None or before.ca_store == entry.ca_store:
        return ""
    return f"CA store {safe_text(before.ca_store, 40)} → {safe_text(entry.ca_store, 40)}"
