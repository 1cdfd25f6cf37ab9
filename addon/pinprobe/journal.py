"""Append events to a JSON Lines file; read them back; tolerate a torn last line."""

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from pinprobe.events import SCHEMA_VERSION, Event, EventError, SessionStarted, from_json, to_json

MARK = "mark"
"""The file beside the journal by which another phase is marked from outside; the proxy takes it away."""
PENDING_BYTES = 8 * 1024 * 1024
"""What waits in memory for a disk that is full. Beyond it events are dropped whole, and counted."""
CHUNK_BYTES = 1024 * 1024
MODE = os.O_RDWR | os.O_APPEND
LINE_BYTES = 1024 * 1024
"""No event is longer; a longer line is no journal."""


class JournalError(Exception):
    """A file that cannot be read as a journal; the message names the file, the line and the cause."""


class JournalWriter:
    """Appends events.

    `append` and `flush` raise OSError where the system does (full disk, lost permission). What could not be
    written waits, and the next `flush` goes on at the very byte where the last one stopped, so that no line
    inside the file is ever torn. Nothing is lost either where somebody takes the file away: what was written is
    still there for whoever has it open, and `write_anew` puts a whole one in its place.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._dropped = 0
        self._pending = bytearray()
        self._hash = hashlib.sha256()
        # A private file of the user's own (0600): which hosts an app talks to is nobody else's business.
        self._fd = os.open(path, MODE | os.O_CREAT, 0o600)
        self._written = os.fstat(self._fd).st_size

    @property
    def sha256(self) -> str:
        """Hex digest of the bytes written so far."""
        return self._hash.hexdigest()

    @property
    def size_bytes(self) -> int:
        """The file's length, with what still waits for the disk."""
        return self._written + len(self._pending)

    def append(self, events: list[Event]) -> None:
        """Write these events; afterwards they are the operating system's, whatever happens to this process."""
        self.hold(events)
        self.flush()

    def hold(self, events: list[Event]) -> list[Event]:
        """Keep these events for a later `flush`, and return those for which memory was left; none is kept where one of
        them is no event that JSON can hold."""
        kept = []
        for event, line in [(event, to_json(event).encode("ascii") + b"\n") for event in events]:
            if len(self._pending) < PENDING_BYTES:
                self._pending += line
                kept.append(event)
            else:
                self._dropped += 1
        return kept

    @property
    def waiting(self) -> int:
        """Events that the disk has not taken, those that were dropped among them."""
        return self._pending.count(b"\n") + self._dropped

    def take_dropped(self) -> int:
        """Events lost, since this was last asked, because the disk took nothing for too long."""
        dropped, self._dropped = self._dropped, 0
        return dropped

    def flush(self) -> None:
        """Write what an earlier error left over."""
        while self._pending:
            written = os.write(self._fd, self._pending)
            self._written += written
            self._hash.update(self._pending[:written])
            del self._pending[:written]

    def taken_away(self) -> bool:
        """Whether the file was removed or moved, or another one stands in its place."""
        ours = os.fstat(self._fd)
        try:
            found = os.stat(self.path, follow_symlinks=False)
        except (FileNotFoundError, NotADirectoryError):
            return True
        except OSError:  # the folder may not be looked into, for now
            return not ours.st_nlink
        return (found.st_dev, found.st_ino) != (ours.st_dev, ours.st_ino)

    def write_anew(self) -> None:
        """Write all that was written into a new file, and put it in the old one's place, whatever is there now.

        Raises OSError where that cannot be; everything then is as it was.
        """
        fresh = self.path.with_name(f".{self.path.name}.0.tmp")
        fresh.unlink(missing_ok=True)
        fd = os.open(fresh, MODE | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            self._copy(fd)
            fresh.replace(self.path)
        except OSError:
            os.close(fd)
            fresh.unlink(missing_ok=True)
            raise
        os.close(self._fd)
        self._fd = fd

    def _copy(self, fd: int) -> None:
        os.lseek(self._fd, 0, os.SEEK_SET)
        while chunk := os.read(self._fd, CHUNK_BYTES):
            while chunk:
                chunk = chunk[os.write(fd, chunk) :]

    def close(self) -> None:
        """Close the file; nothing but what the disk refused is lost."""
        os.close(self._fd)


class JournalReader:
    """Iterates over the events of one journal, oldest first; their number is the journal's line.

    A last line without its end (the process was killed while writing) is left out and `torn` is set.
    Raises `JournalError` for a file that cannot be opened, is not a journal, was written by a newer version,
    or is damaged in its middle.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.torn = False
        self._hash = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """Hex digest of the complete lines read so far."""
        return self._hash.hexdigest()

    def __iter__(self) -> Iterator[Event]:
        try:
            with self.path.open("rb") as file:
                number = 0
                while line := file.readline(LINE_BYTES):
                    number += 1
                    if not line.endswith(b"\n") and len(line) < LINE_BYTES:
                        self.torn = True
                        break
                    try:
                        event = from_json(line)
                    except EventError as error:
                        raise self._refused(number, line, error) from error
                    if number == 1 or isinstance(event, SessionStarted):
                        self._begins(number, line, event)
                    self._hash.update(line)
                    yield event
        except OSError as error:
            raise JournalError(f"{self.path}: cannot be read: {error.strerror}") from error
        if not number or (number == 1 and self.torn):
            raise JournalError(f"{self.path}: holds no event; the session ended before it began")

    def _refused(self, number: int, line: bytes, error: EventError) -> JournalError:
        if number == 1:
            self._refuse_newer(line)
            return JournalError(f"{self.path}: not a pinprobe journal ({error})")
        return JournalError(f"{self.path}: line {number} is damaged ({error}); the lines before it are intact")

    def _begins(self, number: int, line: bytes, event: Event) -> None:
        if number != 1 or not isinstance(event, SessionStarted):
            raise JournalError(
                f"{self.path}: line {number}: a journal begins with one SessionStarted, and has no other"
            )
        if event.schema_version > SCHEMA_VERSION:
            self._refuse_newer(line)

    def _refuse_newer(self, line: bytes) -> None:
        """A newer first line may have fields that we do not know: look at its version alone."""
        try:
            version = json.loads(line)["schema_version"]
        except (ValueError, TypeError, KeyError, RecursionError):
            return
        if isinstance(version, int) and version > SCHEMA_VERSION:
            raise JournalError(
                f"{self.path}: written by a newer pinprobe (schema {version}, this one reads up to {SCHEMA_VERSION}); "
                "update pinprobe to read it"
            )
