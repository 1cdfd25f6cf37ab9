"""Journals on disk: what was written is read back, a torn end is left out, and anything else is refused by name."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from pinprobe import journal as journal_module
from pinprobe.events import SCHEMA_VERSION, to_json
from pinprobe.journal import LINE_BYTES, JournalError, JournalReader, JournalWriter
from tests.builders import Events, accepted, journal, refused_alert, session, tool_failed

EVENTS: Events = journal(accepted(), refused_alert(), tool_failed(error="é\x1b[0m"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


def write(path: Path, events: Events) -> JournalWriter:
    writer = JournalWriter(path)
    writer.append(events)
    writer.close()
    return writer


def read(path: Path) -> tuple[Events, JournalReader]:
    reader = JournalReader(path)
    return list(reader), reader


def test_what_is_written_is_read_back(path: Path) -> None:
    writer = write(path, EVENTS)
    events, reader = read(path)
    assert events == EVENTS
    assert not reader.torn
    assert reader.sha256 == writer.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_appended_events_are_in_the_file_at_once(path: Path) -> None:
    writer = JournalWriter(path)
    for number in range(len(EVENTS)):
        writer.append([EVENTS[number]])
        assert read(path)[0] == EVENTS[: number + 1]
    writer.close()


def test_a_journal_is_its_owners_alone(path: Path) -> None:
    mask = os.umask(0)
    try:
        write(path, EVENTS)
    finally:
        os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_second_writer_goes_on_where_the_first_ended(path: Path) -> None:
    write(path, EVENTS[:3])
    write(path, EVENTS[3:])
    assert read(path)[0] == EVENTS


def test_a_last_line_torn_anywhere_is_left_out(path: Path) -> None:
    write(path, EVENTS)
    whole = path.read_bytes()
    start = whole.rindex(b"\n", 0, -1) + 1
    for end in range(start, len(whole)):
        path.write_bytes(whole[:end])
        events, reader = read(path)
        assert events == EVENTS[:-1]
        assert reader.torn is (end > start)
        assert reader.sha256 == hashlib.sha256(whole[:start]).hexdigest()


DAMAGES: dict[str, Callable[[list[bytes]], None]] = {
    "a line that is no JSON": lambda lines: lines.__setitem__(2, b"garbage\n"),
    "an empty line": lambda lines: lines.__setitem__(2, b"\n"),
    "a torn line, and more after it": lambda lines: lines.__setitem__(2, lines[2][:20] + b"\n"),
    "two lines run into one": lambda lines: lines.__setitem__(2, lines[2][:-1] + lines[3]),
    "zero bytes": lambda lines: lines.__setitem__(2, b"\0" * 100 + b"\n"),
    "an event of another tool": lambda lines: lines.__setitem__(2, b'{"type":"Foreign"}\n'),
    "a second beginning": lambda lines: lines.__setitem__(2, lines[0]),
    "a line without end": lambda lines: lines.__setitem__(2, b'"' + b"x" * LINE_BYTES + b'"\n'),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_damage_in_the_middle_is_named_with_its_line(path: Path, damage: Callable[[list[bytes]], None]) -> None:
    write(path, EVENTS)
    lines = path.read_bytes().splitlines(keepends=True)
    damage(lines)
    path.write_bytes(b"".join(lines))
    seen = []
    with pytest.raises(JournalError) as caught:
        for event in JournalReader(path):
            seen.append(event)  # noqa: PERF402
    assert seen == EVENTS[:2], "the lines before it are intact"
    assert str(path) in str(caught.value) and "line 3" in str(caught.value)


def newer(**more: object) -> bytes:
    record = json.loads(to_json(session())) | {"schema_version": SCHEMA_VERSION + 1, "colour": "red"} | more
    return json.dumps(record).encode() + b"\n"


@pytest.mark.parametrize("line", [newer(), newer(type="SessionBegun")])
def test_a_newer_journal_asks_for_a_newer_pinprobe(path: Path, line: bytes) -> None:
    path.write_bytes(line + b'{"type":"NobodyKnows"}\n')
    with pytest.raises(JournalError, match="newer pinprobe"):
        read(path)


def test_an_older_journal_is_read(path: Path) -> None:
    """Of version 1, whose events had fewer fields."""
    record = json.loads(to_json(session(schema_version=1)))
    for name in ("phase", "label"):
        del record[name]
    path.write_text(json.dumps(record) + "\n")
    events, _ = read(path)
    assert events == [session(schema_version=1)]


FOREIGN = {
    "text": (b"hello\nworld\n", "not a pinprobe journal"),
    "another JSON Lines file": (b'{"type":"request","at_s":1}\n', "not a pinprobe journal"),
    "binary": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\n", "not a pinprobe journal"),
    "events without a beginning": (to_json(EVENTS[1]).encode() + b"\n", "begins with one SessionStarted"),
    "our version, and yet not ours": (newer(schema_version=SCHEMA_VERSION), "not a pinprobe journal"),
    "a version that is no number": (newer(schema_version="next"), "not a pinprobe journal"),
    "nothing": (b"", "holds no event"),
    "half a first line": (to_json(EVENTS[0]).encode()[:50], "holds no event"),
}


@pytest.mark.parametrize(("content", "says"), FOREIGN.values(), ids=FOREIGN.keys())
def test_a_file_that_is_no_journal_is_refused(path: Path, content: bytes, says: str) -> None:
    path.write_bytes(content)
    with pytest.raises(JournalError, match=says) as caught:
        read(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("name", ["missing.jsonl", "."])
def test_what_cannot_be_opened_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(JournalError, match="cannot be read"):
        read(tmp_path / name)


def test_what_the_disk_refuses_waits_and_the_bound_is_counted(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """/dev/full is a real disk without room; how it goes on with room is in the recorder's tests."""
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full: it comes with Linux")
    monkeypatch.setattr(journal_module, "PENDING_BYTES", 2000)
    path.symlink_to("/dev/full")
    writer = JournalWriter(path)
    with pytest.raises(OSError, match="No space left"):
        writer.append(EVENTS[:1])
    before = writer.take_dropped()
    kept = [event for _ in range(100) for event in writer.hold(EVENTS[1:2])]
    dropped = writer.take_dropped()
    assert before == 0 and 80 < dropped < 100 and len(kept) == 100 - dropped
    assert writer.take_dropped() == 0
    with pytest.raises(OSError, match="No space left"):
        writer.flush()
    writer.close()


def test_a_file_that_is_there_is_not_taken_away(path: Path) -> None:
    writer = JournalWriter(path)
    writer.append(EVENTS)
    assert not writer.taken_away()
    path.rename(path.with_name("moved"))
    assert writer.taken_away()
    path.with_name("moved").rename(path)
    assert not writer.taken_away()
    path.unlink()
    path.write_text("another")
    assert writer.taken_away()
    writer.close()


def test_what_was_taken_away_is_written_anew_and_goes_on(path: Path) -> None:
    writer = JournalWriter(path)
    writer.append(EVENTS[:5])
    path.unlink()
    writer.append(EVENTS[5:8])
    writer.write_anew()
    assert not writer.taken_away()
    writer.append(EVENTS[8:])
    writer.close()
    events, reader = read(path)
    assert events == EVENTS
    assert reader.sha256 == writer.sha256
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(path.parent) == [path.name]


def test_what_cannot_be_written_anew_is_still_ours(path: Path) -> None:
    """As long as the folder is gone, and afterwards."""
    folder = path.parent / "session"
    folder.mkdir()
    writer = JournalWriter(folder / path.name)
    writer.append(EVENTS[:5])
    (folder / path.name).unlink()
    folder.rmdir()
    with pytest.raises(FileNotFoundError):
        writer.write_anew()
    writer.append(EVENTS[5:])
    folder.mkdir()
    (folder / path.name).mkdir()
    with pytest.raises(IsADirectoryError):
        writer.write_anew()
    assert os.listdir(folder) == [path.name]
    (folder / path.name).rmdir()
    writer.write_anew()
    writer.close()
    assert read(folder / path.name)[0] == EVENTS
