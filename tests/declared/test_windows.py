"""Windows: what is found does not depend on how the stream was cut."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from pinprobe.declared.windows import AFTER, BEFORE, Looks, windows

NEEDLE = b"needle"


def cut(data: bytes, sizes: list[int]) -> Iterator[bytes]:
    at = 0
    for size in sizes:
        yield data[at : at + size]
        at += size
    yield data[at:]


@st.composite
def streams(draw: st.DrawFn) -> tuple[bytes, list[int]]:
    """A stream with needles, some across the seams of windows, and sizes to cut it by."""
    gaps = draw(st.lists(st.integers(0, 3 * AFTER), max_size=6))
    data = b"".join(bytes([ord("a") + number]) * gap + NEEDLE for number, gap in enumerate(gaps))
    return data, draw(st.lists(st.integers(1, AFTER + BEFORE), max_size=8))


@given(streams())
def test_every_place_is_in_one_window_with_all_that_stands_around_it(stream: tuple[bytes, list[int]]) -> None:
    data, sizes = stream
    expected = [
        (data[max(0, at - BEFORE) : at], data[at : at + AFTER])
        for at in range(len(data))
        if data.startswith(NEEDLE, at)
    ]
    found = [
        (window.before(at), window.after(at)) for window in windows(cut(data, sizes)) for at in window.places(NEEDLE)
    ]
    assert found == expected


@given(streams())
def test_windows_cover_the_stream_once(stream: tuple[bytes, list[int]]) -> None:
    data, sizes = stream
    assert b"".join(window.data[window.start : window.end] for window in windows(cut(data, sizes))) == data


def test_an_empty_stream_is_one_empty_window() -> None:
    (window,) = windows([])
    assert window.data == b"" and not window.holds(NEEDLE)


def test_long_streams_are_not_kept() -> None:
    sizes = [len(window.data) for window in windows(bytes(1 << 16) for _ in range(64))]
    assert max(sizes) <= (1 << 16) + AFTER + 2 * BEFORE


def test_looks_come_to_an_end() -> None:
    looks = Looks(2)
    assert [looks.one_more(), looks.one_more(), looks.exceeded] == [True, True, False]
    assert [looks.one_more(), looks.one_more(), looks.exceeded] == [False, False, True]
