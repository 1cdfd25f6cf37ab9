"""What a proxy left behind: is all of it there, whole, and does it agree with itself?"""

from __future__ import annotations

import hashlib
import io
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from pinprobe.cli import main
from pinprobe.events import (
    ClientHelloSeen,
    ConnectionClosed,
    ConnectionOpened,
    Event,
    RequestSeen,
    SessionEnded,
    ToolFailed,
)
from pinprobe.journal import JournalError, JournalReader
from pinprobe.report import FORMATS
from stressing.clients import ANSWERED, REFUSED, Note

SCHEMA = json.loads((Path(__file__).parents[3] / "addon/pinprobe/report/schema.json").read_text("utf-8"))
ENDS = b"</html>"
ONE_REFRESH_S = 1.5
"""Files of one refresh are written within less; two refreshes are at least three seconds apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A session's folder, read."""

    folder: Path
    events: tuple[Event, ...]
    torn: bool
    wrong: tuple[str, ...]
    """What is damaged."""
    has_report: bool
    in_the_making: int
    """Files that were half written."""
    in_a_refresh: bool
    """One was half written, or some were of this refresh and some of the one before."""


def read(folder: Path) -> Left:
    """A session as it lies there, whoever ended it."""
    wrong: list[str] = []
    journal = folder / "journal.jsonl"
    reader = JournalReader(journal)
    events: tuple[Event, ...] = ()
    try:
        events = tuple(reader)
    except JournalError as error:
        wrong.append(f"the journal cannot be read: {error}")
    else:
        wrong += _rebuilt(folder)
    page, document = folder / "report.html", folder / "report.json"
    wrong += _whole(page) if page.exists() else ()
    wrong += _valid(document, _digests(journal)) if document.exists() else ()
    return Left(
        folder=folder,
        events=events,
        torn=reader.torn,
        wrong=tuple(f"{folder.name}: {text}" for text in wrong),
        has_report=document.exists() and page.exists(),
        in_the_making=len(in_the_making(folder)),
        in_a_refresh=_in_a_refresh(folder),
    )


def _in_a_refresh(folder: Path) -> bool:
    times = [path.stat().st_mtime for one in FORMATS if (path := folder / one.file_name).exists()]
    mixed = bool(times) and (len(times) < len(FORMATS) or max(times) - min(times) > ONE_REFRESH_S)
    return mixed or bool(in_the_making(folder))


def in_the_making(folder: Path) -> list[Path]:
    """Files that somebody was writing, here and below."""
    return sorted(folder.rglob(".*.tmp"))


def list_is_whole(reports: Path) -> list[str]:
    """The list of all reports, where there is one."""
    page = reports / "index.html"
    return _whole(page) if page.exists() else []


def lost(left: Left, notes: list[Note]) -> list[Note]:
    """What the clients know to have passed through the proxy, and the journal has not.

    Connections to a host came one after the other, so those that are missing are the last ones.
    """
    hello_of = {event.connection_id: event.sni for event in left.events if isinstance(event, ClientHelloSeen)}
    hellos = Counter(hello_of.values())
    requests = Counter(
        hello_of.get(one) for one in {event.connection_id for event in left.events if isinstance(event, RequestSeen)}
    )
    seen, asked = defaultdict[str, list[Note]](list), defaultdict[str, list[Note]](list)
    for note in notes:
        if note.how in {ANSWERED, REFUSED}:
            seen[note.host].append(note)
        if note.how == ANSWERED and note.intercepted:
            asked[note.host].append(note)
    missing = [note for host, known in seen.items() for note in known[hellos[host] :]]
    return missing + [note for host, known in asked.items() for note in known[requests[host] :]]


def not_at_its_end(left: Left) -> Iterator[str]:
    """What is missing though the proxy was ended as a person ends it."""
    name, events = left.folder.name, left.events
    facts = [event for event in events if not isinstance(event, ToolFailed)]
    if left.torn or not facts or not isinstance(facts[-1], SessionEnded):
        yield f"{name}: the journal does not end with the session's end"
    opened = {event.connection_id for event in events if isinstance(event, ConnectionOpened)}
    closed = {event.connection_id for event in events if isinstance(event, ConnectionClosed)}
    if opened - closed:
        yield f"{name}: {len(opened - closed)} connections have no end"
    if not left.has_report:
        yield f"{name}: the last report is missing"
    elif _document(left.folder)["session"]["journal_sha256"] != _digest(left.folder / "journal.jsonl"):
        yield f"{name}: the last report is not of the whole journal"
    if left.in_the_making:
        yield f"{name}: {left.in_the_making} files in the making were left"


def _rebuilt(folder: Path) -> list[str]:
    said = io.StringIO()
    out = folder.parents[2] / "rebuilt"
    with redirect_stdout(said), redirect_stderr(said):
        code = main(["report", str(folder), "--out", str(out)])
    return [] if code in {0, 3} else [f"pinprobe report ends with {code}: {said.getvalue()[-500:]}"]


def _whole(page: Path) -> list[str]:
    content = page.read_bytes().strip()
    whole = content.lower().startswith(b"<!doctype html>") and content.endswith(ENDS)
    return [] if whole else [f"{page.name} is not whole"]


def _valid(path: Path, prefixes: set[str]) -> list[str]:
    try:
        document = json.loads(path.read_bytes())
    except ValueError as error:
        return [f"report.json is not whole: {error}"]
    found = [f"report.json: {error.message[:200]}" for error in Draft202012Validator(SCHEMA).iter_errors(document)]
    if not found and document["session"]["journal_sha256"] not in prefixes:
        found.append("report.json is of no beginning of its journal")
    return found


def _document(folder: Path) -> Any:
    return json.loads((folder / "report.json").read_bytes())


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _digests(journal: Path) -> set[str]:
    """Of each beginning that ends with a line."""
    so_far, found = hashlib.sha256(), set()
    for line in journal.read_bytes().splitlines(keepends=True):
        so_far.update(line)
        found.add(so_far.hexdigest())
    return found
