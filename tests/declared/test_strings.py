"""String pools: what was put in comes out, in both encodings; lies about counts and lengths do not run away."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.declared.compiled import Pool

from pinprobe.declared.strings import Damaged, Strings

TEXTS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=300), max_size=8, unique=True)


@given(TEXTS, st.booleans())
def test_strings_come_back(texts: list[str], utf8: bool) -> None:
    pool = Pool(utf8=utf8)
    numbers = [pool.number(text) for text in texts]
    strings = Strings(memoryview(pool.bytes()))
    assert [strings.get(number) for number in numbers] == texts
    assert strings.get(len(texts)) is None and strings.get(0xFFFFFFFF) is None


def test_a_long_string_has_a_length_of_two_units() -> None:
    text = "x" * 0x8001
    pool = Pool(utf8=False)
    pool.number(text)
    assert Strings(memoryview(pool.bytes())).get(0) == text


def test_strings_that_overlap_are_no_way_to_fill_memory() -> None:
    """Three thousand strings of 30 000 characters each, all of them the same bytes: 72 kB that would become 90 MB."""
    count, length = 3000, 30_000
    start = 28 + 4 * count
    body = struct.pack("<H", length) + b"a\0" * length
    head = struct.pack("<HHIIIIII", 1, 28, start + len(body), count, 0, 0, start, 0)
    offsets = struct.pack(f"<{count}I", *(2 * (number % 2) for number in range(count)))
    strings = Strings(memoryview(head + offsets + body))
    with pytest.raises(Damaged, match="overlap"):
        for number in range(count):
            strings.get(number)


def test_a_count_without_room_is_refused() -> None:
    with pytest.raises(Damaged, match="more strings"):
        Strings(memoryview(struct.pack("<HHIIIIII", 1, 28, 28, 0xFFFFFFFF, 0, 0, 28, 0)))


@given(st.binary(max_size=200))
def test_any_bytes_are_a_pool_or_damaged(data: bytes) -> None:
    try:
        strings = Strings(memoryview(data))
        for number in range(min(strings.count, 50)):
            strings.get(number)
    except Damaged:
        pass
