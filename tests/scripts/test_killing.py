"""What `stress kills` looks at finds what is damaged or lost, and nothing where all is well."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pinprobe.events import ClientHelloSeen, RequestSeen
from stressing.clients import ANSWERED, FAILED, REFUSED, Note
from stressing.killing import left as leavings

SAMPLE = Path(__file__).parents[2] / "reports" / "sample"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A session's folder, with all that it should have."""
    folder = tmp_path / "reports" / "app" / "session"
    shutil.copytree(SAMPLE, folder)
    return folder


def cut(name: str, share: float) -> Callable[[Path], None]:
    def do(folder: Path) -> None:
        content = (folder / name).read_bytes()
        (folder / name).write_bytes(content[: int(len(content) * share)])

    return do


def damage(folder: Path) -> None:
    lines = (folder / "journal.jsonl").read_bytes().splitlines(keepends=True)
    lines[9] = lines[9][:20]
    (folder / "journal.jsonl").write_bytes(b"".join(lines))


def another_journal(folder: Path) -> None:
    content = (folder / "journal.jsonl").read_bytes()
    (folder / "journal.jsonl").write_bytes(content.replace(b'"python_version":"3.', b'"python_version":"9.', 1))


def test_nothing_is_wrong_with_a_whole_session(folder: Path) -> None:
    found = leavings.read(folder)
    assert found.wrong == () and found.has_report and not found.torn
    assert list(leavings.not_at_its_end(found)) == []


@pytest.mark.parametrize(
    ("do", "said"),
    [
        (damage, "the journal cannot be read"),
        (cut("report.html", 0.7), "report.html is not whole"),
        (cut("report.json", 0.7), "report.json is not whole"),
        (cut("journal.jsonl", 0.5), "report.json is of no beginning of its journal"),
        (another_journal, "report.json is of no beginning of its journal"),
    ],
)
def test_damage_is_found(folder: Path, do: Callable[[Path], None], said: str) -> None:
    do(folder)
    assert any(said in text for text in leavings.read(folder).wrong)


def test_a_torn_line_is_no_damage_but_no_end_either(folder: Path) -> None:
    with (folder / "journal.jsonl").open("ab") as file:
        file.write(b'{"type":"Conn')
    (folder / ".report.json.0.tmp").write_bytes(b"{")
    found = leavings.read(folder)
    assert found.torn and found.wrong == () and found.in_a_refresh
    told = " ".join(leavings.not_at_its_end(found))
    assert "does not end with the session's end" in told and "1 files in the making" in told


def test_what_clients_know_and_the_journal_has_not_is_lost(folder: Path) -> None:
    found = leavings.read(folder)
    hellos = [event for event in found.events if isinstance(event, ClientHelloSeen)]
    host = hellos[0].sni or ""
    asked = {event.connection_id for event in found.events if isinstance(event, RequestSeen)}
    seen = sum(event.sni == host for event in hellos)
    answered = sum(event.sni == host and event.connection_id in asked for event in hellos)
    notes = [Note(host=host, at_s=float(n), how=REFUSED, intercepted=False) for n in range(seen)]
    notes += [Note(host=host, at_s=99.0, how=FAILED, intercepted=False)] * 5
    assert leavings.lost(found, notes) == []
    late = Note(host=host, at_s=seen + 1.0, how=REFUSED, intercepted=False)
    assert leavings.lost(found, [*notes, late]) == [late]
    requests = [Note(host=host, at_s=float(n), how=ANSWERED, intercepted=True) for n in range(answered + 1)]
    assert requests[-1] in leavings.lost(found, requests)
    assert leavings.lost(found, requests[:-1]) == []
