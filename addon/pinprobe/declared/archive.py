"""ZIP archives as Android reads them: by their central directory, bounded, from any range of an open file.

The standard library's reader is stricter than Android in what it refuses (unknown methods, the encryption flag, names
that are not UTF-8) and has no bound on the directory; apps made to mislead readers live in that gap.
Format: PKWARE's APPNOTE.TXT, sections 4.3 to 4.5.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from pinprobe.declared.limits import Limits
from pinprobe.declared.problems import PackageError, Problems

STORED, DEFLATED = 0, 8
CHUNK = 256 * 1024

_END = struct.Struct("<4sHHHHIIH")
_END_64 = struct.Struct("<4sQHHIIQQQQ")
_LOCATOR_64 = struct.Struct("<4sIQI")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_LONGEST_COMMENT = 0xFFFF
_IN_EXTRA = 0xFFFFFFFF
_ZIP64_EXTRA = 0x0001


@dataclass(frozen=True, slots=True)
class Span:
    """A range of an open file: a whole archive, or one that lies stored inside another."""

    file: BinaryIO
    start: int
    size: int

    def read(self, at: int, count: int) -> bytes:
        """Up to `count` bytes from `at`, less at the end."""
        count = min(count, self.size - at)
        if at < 0 or count <= 0:
            return b""
        self.file.seek(self.start + at)
        return self.file.read(count)

    def part(self, at: int, size: int) -> "Span":
        """A range within this one."""
        at = min(at, self.size)
        return Span(self.file, self.start + at, max(0, min(size, self.size - at)))


@dataclass(frozen=True, slots=True)
class Member:
    """What the directory says of one entry. Nothing of it is checked."""

    path: str
    method: int
    compressed: int
    size: int
    header_at: int
    """Where its local header begins."""


def members(span: Span, label: str, limits: Limits, problems: Problems) -> list[Member]:
    """The directory, in its order. Raises PackageError where there is none."""
    directory = _directory(span, label, limits)
    found: list[Member] = []
    at = 0
    while at + _CENTRAL.size <= len(directory):
        fields = _CENTRAL.unpack_from(directory, at)
        signature, method, compressed, size = fields[0], fields[4], fields[8], fields[9]
        name_length, extra_length, comment_length, header_at = *fields[10:13], fields[16]
        if signature != b"PK\1\2":
            problems.add("the archive's directory is damaged: the entries after it are not read", label)
            break
        if len(found) >= limits.entries:
            problems.add(f"more than {limits.entries} entries: the rest is not read", label)
            break
        name_at = at + _CENTRAL.size
        name = directory[name_at : name_at + name_length]
        extra = directory[name_at + name_length : name_at + name_length + extra_length]
        size, compressed, header_at = _wide(extra, size, compressed, header_at)
        found.append(Member(_path(name, limits), method, compressed, size, header_at))
        at = name_at + name_length + extra_length + comment_length
    _tell_oddities(found, label, problems)
    return found


def data_of(span: Span, member: Member) -> Span | None:
    """Where an entry's bytes lie, compressed or not; None where no local header stands where the directory says."""
    header = span.read(member.header_at, _LOCAL.size)
    if len(header) < _LOCAL.size or not header.startswith(b"PK\3\4"):
        return None
    *_, name_length, extra_length = _LOCAL.unpack(header)
    # As Android: only deflate is a compression, every other method number means stored.
    size = member.compressed if member.method == DEFLATED else member.size
    return span.part(member.header_at + _LOCAL.size + name_length + extra_length, size)


def inflated(data: Span) -> Iterator[tuple[bytes, int]]:
    """Decompressed pieces of at most `CHUNK` bytes, each with the compressed bytes read so far. Raises zlib.error."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    at = 0
    while not inflater.eof:
        waiting = inflater.unconsumed_tail
        if not waiting:
            waiting = data.read(at, CHUNK)
            at += len(waiting)
            if not waiting:
                raise zlib.error("the data ends early")
        if piece := inflater.decompress(waiting, CHUNK):
            yield piece, at - len(inflater.unconsumed_tail)


def stored(data: Span) -> Iterator[tuple[bytes, int]]:
    """The same of bytes that are not compressed."""
    for at in range(0, data.size, CHUNK):
        piece = data.read(at, CHUNK)
        if not piece:
            return
        yield piece, at + len(piece)


def _directory(span: Span, label: str, limits: Limits) -> bytes:
    tail_at = max(0, span.size - _END.size - _LONGEST_COMMENT)
    tail = span.read(tail_at, _END.size + _LONGEST_COMMENT)
    found = tail.rfind(b"PK\5\6")
    if found < 0 or found + _END.size > len(tail):
        raise PackageError(f"{label} is no ZIP archive, or its end is missing: give the app's APK, whole")
    *_, size, at, _comment = _END.unpack_from(tail, found)
    if _IN_EXTRA in (size, at):
        size, at = _wide_end(span, tail_at + found) or (size, at)
    if size > limits.directory_bytes:
        raise PackageError(
            f"{label} claims a table of contents of {size} bytes, more than the {limits.directory_bytes} that are "
            "read: this is no ordinary app"
        )
    directory = span.read(at, size)
    if not directory.startswith(b"PK\1\2"):
        raise PackageError(f"{label} has no table of contents where it says: the archive is empty or damaged")
    return directory


def _wide_end(span: Span, end_at: int) -> tuple[int, int] | None:
    """Size and place of the directory by the ZIP64 records."""
    locator = span.read(end_at - _LOCATOR_64.size, _LOCATOR_64.size)
    if len(locator) < _LOCATOR_64.size or not locator.startswith(b"PK\6\7"):
        return None
    record = span.read(_LOCATOR_64.unpack(locator)[2], _END_64.size)
    if len(record) < _END_64.size or not record.startswith(b"PK\6\6"):
        return None
    *_, size, at = _END_64.unpack(record)
    return size, at


def _wide(extra: bytes, size: int, compressed: int, header_at: int) -> tuple[int, int, int]:
    """The three numbers, those that did not fit taken from the ZIP64 extra field, where they stand in this order."""
    numbers = [size, compressed, header_at]
    at = 0
    while _IN_EXTRA in numbers and at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == _ZIP64_EXTRA:
            values = struct.iter_unpack("<Q", extra[at + 4 : at + 4 + length // 8 * 8].ljust(length // 8 * 8, b"\0"))
            for index, number in enumerate(numbers):
                if number == _IN_EXTRA and (value := next(values, None)):
                    numbers[index] = value[0]
            break
        at += 4 + length
    return numbers[0], numbers[1], numbers[2]


def _path(name: bytes, limits: Limits) -> str:
    return name[: limits.name_bytes].decode("utf-8", "backslashreplace")


def _tell_oddities(found: list[Member], label: str, problems: Problems) -> None:
    """What no build tool writes: paths that lead outside, names twice, entries that share bytes."""
    seen: set[str] = set()
    for member in found:
        if member.path in seen:
            problems.add("two entries have the same name: Android refuses such an archive", label)
        seen.add(member.path)
        parts = member.path.replace("\\", "/").split("/")
        if ".." in parts or member.path.startswith(("/", "\\")) or "\0" in member.path:
            problems.add("an entry's path leads out of the archive (nothing is written, so this does no harm)", label)
    end = -1
    for start, length in sorted((member.header_at, member.compressed) for member in found):
        if start < end:
            problems.add("entries overlap, as in a decompression bomb", label)
        end = max(end, start + _LOCAL.size + length)
