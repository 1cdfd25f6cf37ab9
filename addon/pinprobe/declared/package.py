"""An app's package: one APK, or a base with its splits, loose, in an archive or in a folder. Read in place.

Nothing is written to disk and nothing is believed: see `limits`. An entry that cannot be read whole ends early, and
`Package.problems` says so; only where nothing can be read at all is `PackageError` raised.
"""

import hashlib
import io
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from pinprobe.declared import archive
from pinprobe.declared.given import files_given, safe, why_no_app
from pinprobe.declared.limits import LIMITS, Limits
from pinprobe.declared.problems import PackageError, Problems

__all__ = ["Entry", "Package", "PackageError", "open_package"]

MANIFEST = "AndroidManifest.xml"
_BASES = {"base.apk", "base-master.apk"}
_STOPPED = "time is over: what comes after this is not read"

Deadline = Callable[[], bool]
"""Whether time is over. The caller's clock: this room has none."""


def open_package(paths: Sequence[Path], *, deadline: Deadline | None = None, limits: Limits = LIMITS) -> "Package":
    """Open an app's package. Raises PackageError, whose message names the file and what to do."""
    package = Package(deadline or (lambda: False), limits)
    try:
        for path in files_given(paths, limits):
            package._add_file(path)
    except BaseException:
        package.close()
        raise
    return package


@dataclass(frozen=True, slots=True)
class Apk:
    """One APK of the package."""

    label: str
    """File name, or path in the archive that holds it, safe to show."""
    base: bool
    """By its name, or because it is the only one."""


class Entry:
    """One file of the package."""

    __slots__ = ("_member", "_package", "_span", "apk", "path", "size")

    def __init__(self, package: "Package", apk: Apk, span: archive.Span, member: archive.Member) -> None:
        self._package, self._span, self._member = package, span, member
        self.apk = apk
        self.path = member.path
        """Its name in its archive, as it stands there."""
        self.size = member.size
        """Bytes that the archive claims."""

    @property
    def name(self) -> str:
        """What to call it: safe to show, `split.apk:lib/x.so` where it is not the base's."""
        path = safe(self.path)
        return path if self.apk.base else f"{self.apk.label}:{path}"

    def chunks(self) -> Iterator[bytes]:
        """Its content, decompressed, in pieces of up to 256 KiB. Ends early at a limit, with a problem noted."""
        return self._package._content(self.name, self._span, self._member)

    def read(self, limit: int) -> bytes:
        """Its content; empty, with a problem noted, where it is longer than `limit` bytes."""
        pieces, length = [], 0
        for piece in self.chunks():
            length += len(piece)
            if length > limit:
                self._package.note(f"longer than {limit} bytes: not read", self.name)
                return b""
            pieces.append(piece)
        return b"".join(pieces)


class Package:
    """Entries of all APKs, each APK's manifest first. Use it as a context: it holds files open."""

    def __init__(self, deadline: Deadline, limits: Limits) -> None:
        self.limits = limits
        self.over = deadline
        """Whether the time that the caller gave is over."""
        self._problems = Problems(limits)
        self._open = ExitStack()
        self._apks: list[tuple[str, archive.Span, list[archive.Member]]] = []
        self._files: list[archive.Span] = []
        self._held = 0
        self._inflated = 0
        self._entries = 0
        self._sha256: str | None = None

    def __enter__(self) -> "Package":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the files."""
        self._open.close()

    @property
    def problems(self) -> list[str]:
        """What could not be read, or is odd, in words."""
        return list(self._problems)

    def note(self, what: str, where: str = "") -> None:
        """Add a problem; the same words are counted, not repeated."""
        self._problems.add(what, where)

    @property
    def size(self) -> int:
        """Bytes of the files on disk."""
        return sum(span.size for span in self._files)

    @property
    def sha256(self) -> str:
        """Hex; of several files over their sorted digests, so that their order does not count."""
        if self._sha256 is None:
            digests = sorted(_digest(span) for span in self._files)
            one = len(digests) == 1
            self._sha256 = (digests[0] if one else hashlib.sha256(b"".join(digests)).digest()).hex()
        return self._sha256

    @property
    def apks(self) -> tuple[Apk, ...]:
        """The APKs, in order of the files."""
        return tuple(self._apk(label) for label, _, _ in self._apks)

    def entries(self, of: Apk | None = None) -> Iterator[Entry]:
        """Every file of one APK or of all, folders left out."""
        for label, span, members in self._apks:
            apk = self._apk(label)
            if of is None or apk == of:
                yield from (Entry(self, apk, span, member) for member in members if not member.path.endswith("/"))

    def _apk(self, label: str) -> Apk:
        return Apk(label, len(self._apks) == 1 or label.rpartition("/")[2] in _BASES)

    def _add_file(self, path: Path) -> None:
        label = safe(path.name or ".")
        try:
            file = self._open.enter_context(path.open("rb"))
            size = file.seek(0, io.SEEK_END)
        except OSError as error:
            raise PackageError(f"{label} cannot be read ({error.strerror}): check its rights") from error
        if size > self.limits.archive_bytes:
            raise PackageError(
                f"{label} is larger than {self.limits.archive_bytes >> 20} MiB: give the APKs one by one"
            )
        span = archive.Span(file, 0, size)
        members = self._members(span, label)
        self._files.append(span)
        paths = {member.path for member in members}
        if MANIFEST in paths:
            self._add_apk(label, span, members)
            return
        inner = [member for member in members if member.path.lower().endswith(".apk")]
        if not inner:
            raise PackageError(f"{label} holds no Android app: {why_no_app(paths)}")
        for member in inner[: self.limits.apks]:
            self._add_inner(span, member)
        if len(inner) > self.limits.apks:
            self.note(f"more than {self.limits.apks} APKs: the rest is not read", label)
        if not self._apks:
            raise PackageError(f"{label}: none of the APKs in it can be read: unpack it and give the folder")

    def _add_apk(self, label: str, span: archive.Span, members: list[archive.Member]) -> None:
        # The same name twice would give two splits one label.
        taken = {label for label, _, _ in self._apks}
        number = 2
        fresh = label
        while fresh in taken:
            fresh, number = f"{label} ({number})", number + 1
        self._apks.append((fresh, span, sorted(members, key=lambda member: member.path != MANIFEST)))

    def _add_inner(self, outer: archive.Span, member: archive.Member) -> None:
        label = safe(member.path)
        span = self._inner_span(outer, member, label)
        if span is None:
            return
        try:
            members = self._members(span, label)
        except PackageError as error:
            self.note(str(error))
            return
        if any(inner.path == MANIFEST for inner in members):
            self._add_apk(label, span, members)
        else:
            self.note("no Android app inside: not read", label)

    def _inner_span(self, outer: archive.Span, member: archive.Member, label: str) -> archive.Span | None:
        """An APK inside the archive: in place where it is stored, else in memory, within the limit."""
        if member.method != archive.DEFLATED:
            return archive.data_of(outer, member)
        room = self.limits.held_bytes - self._held
        held = io.BytesIO()
        for piece in self._content(label, outer, member):
            if held.tell() + len(piece) > room:
                self.note(
                    "compressed, and too large to be held in memory: unpack the archive and give the folder", label
                )
                return None
            held.write(piece)
        self._held += held.tell()
        return archive.Span(held, 0, held.tell())

    def _members(self, span: archive.Span, label: str) -> list[archive.Member]:
        room = self.limits.entries - self._entries
        members = archive.members(span, label, self.limits, self._problems) if room else []
        if len(members) > room or not room:
            self.note(f"more than {self.limits.entries} entries together: the rest is not read", label)
        self._entries += min(len(members), room)
        return members[:room]

    def _content(self, name: str, span: archive.Span, member: archive.Member) -> Iterator[bytes]:
        limits = self.limits
        if stop := self._why_stop(0, 0, limits):
            self.note(stop, name)
            return
        data = archive.data_of(span, member)
        if data is None:
            self.note("no entry where the archive's directory says: not read", name)
            return
        pieces = archive.inflated(data) if member.method == archive.DEFLATED else archive.stored(data)
        length = 0
        try:
            for piece, compressed in pieces:
                length += len(piece)
                self._inflated += len(piece)
                if stop := self._why_stop(length, compressed, limits):
                    self.note(stop, name)
                    return
                yield piece
        except zlib.error:
            self.note("damaged: read only in part", name)
        except OSError:
            self.note("cannot be read from disk", name)

    def _why_stop(self, length: int, compressed: int, limits: Limits) -> str | None:
        if self.over():
            return _STOPPED
        if length > limits.entry_bytes:
            return f"longer than {limits.entry_bytes >> 20} MiB: the rest of it is not read"
        if self._inflated > limits.total_bytes:
            return f"more than {limits.total_bytes >> 20} MiB in all: the rest is not read"
        if length > limits.ratio_free_bytes and length > compressed * limits.ratio:
            return "a decompression bomb: the rest of it is not read"
        return None


def _digest(span: archive.Span) -> bytes:
    digest = hashlib.sha256()
    for piece, _ in archive.stored(span):
        digest.update(piece)
    return digest.digest()
