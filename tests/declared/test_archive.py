"""ZIP archives by hand: what Android tolerates is read, what bombs and liars write is bounded."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.declared.compiled import Zipped, zipped

from pinprobe.declared import archive
from pinprobe.declared.archive import Span
from pinprobe.declared.limits import LIMITS, Limits
from pinprobe.declared.problems import PackageError, Problems


def span_of(content: bytes) -> Span:
    return Span(io.BytesIO(content), 0, len(content))


def read_all(content: bytes, limits: Limits = LIMITS) -> tuple[dict[str, bytes], list[str]]:
    span, problems = span_of(content), Problems()
    found = {}
    for member in archive.members(span, "x.apk", limits, problems):
        data = archive.data_of(span, member)
        assert data is not None
        pieces = archive.inflated(data) if member.method == archive.DEFLATED else archive.stored(data)
        found[member.path] = b"".join(piece for piece, _ in pieces)
    return found, list(problems)


@given(st.dictionaries(st.text("abc/._", min_size=1, max_size=9), st.binary(max_size=2000), min_size=1), st.booleans())
@settings(max_examples=40)
def test_reads_what_the_standard_library_writes(files: dict[str, bytes], packed: bool) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as written:
        for name, content in files.items():
            written.writestr(name, content)
    assert read_all(buffer.getvalue())[0] == files


def test_reads_the_wide_form() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as written, written.open("a", "w", force_zip64=True) as file:
        file.write(b"wide")
    assert read_all(buffer.getvalue()) == ({"a": b"wide"}, [])
    # Sizes and place in the extra field, as a directory has them whose numbers do not fit.
    extra = struct.pack("<HHQQQ", 1, 24, 4, 4, 0)
    entry = Zipped(name=b"a", content=b"wide", claimed_size=2**32 - 1, claimed_compressed=2**32 - 1, at=2**32 - 1)
    entry.extra = extra
    assert read_all(zipped([entry])) == ({"a": b"wide"}, [])


@pytest.mark.parametrize(
    "entry",
    [
        Zipped(name=b"a", content=b"text", method=0x4321),
        Zipped(name=b"a", content=b"text", flags=1),
        Zipped(name=b"a", content=b"text", local_name=b"other"),
        Zipped(name=b"a", content=b"text", method=8, claimed_size=9999),
        Zipped(name=b"a", content=b"text", method=0x4321, claimed_compressed=0),
    ],
    ids=["unknown method", "encryption flag", "other local name", "wrong size", "no compressed size"],
)
def test_what_android_tolerates_is_read(entry: Zipped) -> None:
    assert read_all(zipped([entry]))[0] == {"a": b"text"}


def test_a_comment_and_bytes_before_the_end_do_not_hide_the_directory() -> None:
    assert read_all(zipped([Zipped(name=b"a", content=b"1")], comment=b"c" * 300))[0] == {"a": b"1"}


def test_names_are_text_whatever_their_bytes() -> None:
    found, _ = read_all(zipped([Zipped(name=b"caf\xe9\xff"), Zipped(name="ü".encode())]))
    assert set(found) == {"caf\\xe9\\xff", "ü"}


def test_oddities_are_told_once_each() -> None:
    names = [b"../../etc/passwd", b"/absolute", b"a\0b", b"..\\up", b"same", b"same"]
    _, problems = read_all(zipped([Zipped(name=name) for name in names]))
    assert problems == [
        "x.apk: an entry's path leads out of the archive (nothing is written, so this does no harm) (and 3 more)",
        "x.apk: two entries have the same name: Android refuses such an archive",
    ]


def test_overlapping_entries_are_told() -> None:
    first = Zipped(name=b"a", content=b"x" * 100)
    assert "overlap" in read_all(zipped([first, Zipped(name=b"b", content=b"y", at=0)]))[1][0]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no ZIP archive"),
        (b"not a zip at all" * 10, "no ZIP archive"),
        (zipped([Zipped(name=b"a")])[:-30], "no ZIP archive"),
        (zipped([]), "empty or damaged"),
        (b"PK\5\6" + b"\xff" * 18, "table of contents"),
    ],
)
def test_no_archive_is_an_error_with_its_name(content: bytes, says: str) -> None:
    with pytest.raises(PackageError, match=f"x.apk .*{says}"):
        read_all(content)


def test_the_directory_is_bounded() -> None:
    entries = [Zipped(name=b"%d" % number) for number in range(50)]
    found, problems = read_all(zipped(entries), Limits(entries=20))
    assert len(found) == 20 and "more than 20 entries" in problems[0]
    with pytest.raises(PackageError, match="no ordinary app"):
        read_all(zipped(entries), Limits(directory_bytes=100))


def test_a_damaged_directory_ends_there() -> None:
    content = bytearray(zipped([Zipped(name=b"a"), Zipped(name=b"b")]))
    content[content.rfind(b"PK\1\2")] = 0
    found, problems = read_all(bytes(content))
    assert list(found) == ["a"] and "damaged" in problems[0]


def test_a_local_header_must_be_there() -> None:
    span = span_of(zipped([Zipped(name=b"a", at=7)]))
    (member,) = archive.members(span, "x", LIMITS, Problems())
    assert archive.data_of(span, member) is None


def test_data_that_ends_early_is_an_error() -> None:
    span = span_of(zipped([Zipped(name=b"a", content=bytes(1000), method=8, claimed_compressed=3)]))
    (member,) = archive.members(span, "x", LIMITS, Problems())
    data = archive.data_of(span, member)
    assert data is not None
    with pytest.raises(zlib.error):
        list(archive.inflated(data))


def test_pieces_are_small_however_much_comes_out() -> None:
    span = span_of(zipped([Zipped(name=b"a", content=bytes(3_000_000), method=8)]))
    (member,) = archive.members(span, "x", LIMITS, Problems())
    data = archive.data_of(span, member)
    assert data is not None and data.size < 5000
    assert max(len(piece) for piece, _ in archive.inflated(data)) <= archive.CHUNK


def test_a_part_never_leaves_its_range() -> None:
    whole = Span(io.BytesIO(b"0123456789"), 2, 6)
    assert whole.read(0, 100) == b"234567"
    assert whole.part(4, 100).read(0, 100) == b"67"
    assert whole.part(99, 5).read(0, 5) == whole.read(-1, 3) == whole.read(6, 1) == b""
