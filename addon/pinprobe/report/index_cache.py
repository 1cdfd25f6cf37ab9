"""What the list of reports remembers of each, so that one new report does not cost the reading of all. Pure.

A report is remembered for its very file (size, times, inode): one that changed in any way is read anew, and what cannot
be understood is forgotten. Nothing else ever reads this, and without it the list is the same.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pinprobe import __version__
from pinprobe.events import SCHEMA_VERSION
from pinprobe.report.careful import count_in, list_in, text_in
from pinprobe.report.changes import Marked, Marks
from pinprobe.report.faces import FACES
from pinprobe.report.index import Entry, linked, marks_between
from pinprobe.report.said import ReportSaid

VERSION = f"{__version__}, schema {SCHEMA_VERSION}, 2"
Stamp = tuple[int, int, int, int]
"""Size, time of its content, time of its inode, inode."""
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Kept:
    stamp: Stamp
    entry: Entry


class IndexCache:
    """Entries by folder, and what changed between two of them."""

    def __init__(self, text: str = "") -> None:
        """From what `text` gave before; anything else is as good as nothing."""
        self._kept: dict[str, _Kept] = {}
        self._marks: dict[tuple[str, str], Marks] = {}
        self._before: Mapping[str, Json] = {}
        try:
            document = json.loads(text)
            if document["version"] == VERSION:
                self._before = dict(document["reports"])
        except (ValueError, KeyError, TypeError, RecursionError):
            pass

    def entry(self, folder: str, stamp: Stamp, load: Callable[[], ReportSaid]) -> Entry | None:
        """What is remembered of a report; None where that is another file, or none."""
        try:
            before = self._before[folder]
            if tuple(before["stamp"]) != stamp:
                return None
            entry = _entry(before["entry"], folder, load)
        except (ValueError, KeyError, TypeError):
            return None
        self.keep(folder, stamp, entry)
        return entry

    def keep(self, folder: str, stamp: Stamp, entry: Entry) -> None:
        """Remember a report."""
        self._kept[folder] = _Kept(stamp, entry)

    def marks(self, before: Entry, entry: Entry) -> Marks:
        """What changed between two reports."""
        found = self._remembered(before, entry) or marks_between(before, entry)
        self._marks[before.folder, entry.folder] = found
        return found

    def _remembered(self, before: Entry, entry: Entry) -> Marks | None:
        kept = self._kept.get(before.folder)
        try:
            known = self._before[entry.folder]
            same = known["against"] == before.folder and tuple(known["against_stamp"]) == (kept and kept.stamp)
            return _marks(known["marks"]) if same and self._unchanged(entry.folder) else None
        except (ValueError, KeyError, TypeError):
            return None

    def _unchanged(self, folder: str) -> bool:
        kept = self._kept.get(folder)
        return kept is not None and tuple(self._before[folder]["stamp"]) == kept.stamp

    def text(self) -> str:
        """All of it, for the next time."""
        against = {after: before for before, after in self._marks}
        reports = {}
        for folder, kept in self._kept.items():
            reports[folder] = one = {"stamp": kept.stamp, "entry": _entry_json(kept.entry)}
            before = against.get(folder)
            if before is not None and before in self._kept:
                one["against"], one["against_stamp"] = before, self._kept[before].stamp
                one["marks"] = _marks_json(self._marks[before, folder])
        return json.dumps({"version": VERSION, "reports": reports}, separators=(",", ":"))


def _entry_json(entry: Entry) -> Json:
    return {
        "label": entry.label,
        "app_id": entry.app_id,
        "session_id": entry.session_id,
        "together": entry.together,
        "started_at": entry.started_at,
        "ca_store": entry.ca_store,
        "sentence": entry.sentence,
        "endpoints": entry.endpoints,
        "policy": entry.policy,
        "faces": [number for _, number in entry.faces],
    }


def _entry(kept: Json, folder: str, load: Callable[[], ReportSaid]) -> Entry:
    return Entry(
        label=text_in(kept["label"]),
        app_id=text_in(kept["app_id"]),
        session_id=text_in(kept["session_id"]),
        together=count_in(kept["together"]),
        started_at=text_in(kept["started_at"]),
        ca_store=text_in(kept["ca_store"]),
        sentence=text_in(kept["sentence"]),
        endpoints=count_in(kept["endpoints"]),
        policy=text_in(kept["policy"]),
        faces=tuple(zip(FACES, map(count_in, list_in(kept["faces"])), strict=True)),
        folder=folder,
        href=linked(folder),
        load=load,
    )


def _marks_json(marks: Marks) -> Json:
    return {
        "words": marks.words,
        "against": marks.against,
        "changed": marks.changed,
        "kinds": [[one.word, one.lines, one.left_out] for one in marks.kinds],
    }


def _marks(kept: Json) -> Marks:
    return Marks(
        words=text_in(kept["words"]),
        against=text_in(kept["against"]),
        changed=kept["changed"] is True,
        kinds=tuple(
            Marked(word=text_in(word), lines=tuple(map(text_in, list_in(lines))), left_out=count_in(left_out))
            for word, lines, left_out in list_in(kept["kinds"])
        ),
    )
