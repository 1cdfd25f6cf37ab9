"""Drawings are made of numbers and names of our own."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from pinprobe.report import charts
from pinprobe.report.faces import FACES

SAFE = re.compile(r"[A-Za-z0-9 .,:;<>=\"'/%()#_-]*")


def test_every_face_has_a_shape_of_its_own() -> None:
    assert set(charts.ICONS) == {face.id for face in FACES}
    assert len(set(charts.ICONS.values())) == len(charts.ICONS)
    assert set(charts.HATCHED) <= set(charts.ICONS)
    ElementTree.fromstring(charts.icons())  # noqa: S314 - our own text


def widths(drawing: str) -> list[float]:
    return [float(width) for width in re.findall(r"width=([0-9.e-]+)%", drawing)]


@given(st.lists(st.integers(0, 10**6), min_size=7, max_size=7))
def test_a_bar_is_full_and_shows_even_the_rarest_part(numbers: list[int]) -> None:
    drawing = charts.verdict_bar(list(zip(charts.ICONS, numbers, strict=True)))
    assert SAFE.fullmatch(drawing)
    parts = widths(drawing)
    assert len(parts) == sum(number > 0 for number in numbers)
    if parts:
        assert abs(sum(parts) - 100) < 0.1
        assert min(parts) > 0.4


def test_nothing_to_draw() -> None:
    assert charts.verdict_bar([]) == charts.outcome_strip([("refused", 0)]) == charts.timeline([]) == ""
    assert charts.timeline([0, 0]) == ""


@given(st.lists(st.integers(-(10**9), 10**12), max_size=12))
def test_a_timeline_stays_in_its_field(milliseconds: list[int]) -> None:
    drawing = charts.timeline(milliseconds)
    assert SAFE.fullmatch(drawing)
    assert all(0 <= int(x) <= 100 for x in re.findall(r"M(-?\d+) 0v6", drawing))
