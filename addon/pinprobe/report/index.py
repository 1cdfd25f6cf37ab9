"""The page that lists every report: all apps, all sessions, newest first. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from pinprobe.report import charts
from pinprobe.report.faces import FACES, Face, full_word
from pinprobe.report.html import fill
from pinprobe.report.safe_text import NAME_LIMIT, safe_text

PAGE = "report.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One report, as the list shows it."""

    label: str
    session_id: str
    started_at: str
    sentence: str
    endpoints: int
    faces: tuple[tuple[Face, int], ...]
    href: str
    """From the list to the page."""


def entry_of(document: Any, folder: str) -> Entry:
    """Read a report's JSON, which lies in this folder. Raises ValueError for what is no report."""
    try:
        summary = document["summary"]
        entry = Entry(
            label=document["app"]["label"],
            session_id=document["session"]["id"],
            started_at=document["session"]["started_at"] or "",
            sentence=summary["sentence"],
            endpoints=summary["endpoints"],
            faces=_faces(summary),
            href=quote(f"{folder}/{PAGE}"),
        )
    except (TypeError, KeyError) as error:
        raise ValueError(f"not a report: {error!r}") from error
    texts = (entry.label, entry.session_id, entry.started_at, entry.sentence)
    numbers = (entry.endpoints, *(number for _, number in entry.faces))
    if not all(type(text) is str for text in texts) or not all(type(number) is int for number in numbers):
        raise ValueError("not a report: a field is of another kind")
    return entry


def render(entries: Sequence[Entry], unreadable: int = 0) -> str:
    """The whole page. `unreadable` counts files that were found and could not be read."""
    newest_first = sorted(entries, key=lambda entry: (entry.label, entry.session_id))
    newest_first.sort(key=lambda entry: entry.started_at, reverse=True)
    return fill(
        "index.html",
        entries=[_shown(entry) for entry in newest_first],
        apps=len({entry.label for entry in entries}),
        unreadable=unreadable,
    )


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


def _shown(entry: Entry) -> dict[str, Any]:
    return {
        "label": safe_text(entry.label, NAME_LIMIT),
        "session_id": safe_text(entry.session_id, NAME_LIMIT),
        "started_at": safe_text(entry.started_at, 40).replace("T", " ").replace("Z", " UTC"),
        "sentence": entry.sentence,
        "bar": charts.verdict_bar([(face.id, number) for face, number in entry.faces]),
        "faces": [(face, full_word(face), number) for face, number in entry.faces if number],
        "href": entry.href,
    }
