"""Phases of a session: which one a moment belongs to, and how long each lasted."""

from __future__ import annotations

from itertools import permutations

import pytest

from pinprobe.evidence.phases import Phases
from pinprobe.thresholds import MARKS_KEPT

Marks = list[tuple[float, str]]


def phases(*marks: tuple[float, str]) -> Phases:
    made = Phases()
    for at_s, phase in marks:
        made.begin(at_s, phase)
    return made


IDLE_CONTROL_TEST: Marks = [(10.0, "idle"), (20.0, "control"), (50.0, "test")]

MOMENTS: dict[str, tuple[Marks, float, str]] = {
    "no mark at all": ([], 5.0, "test"),
    "before the first": (IDLE_CONTROL_TEST, 5.0, "idle"),
    "at the first": (IDLE_CONTROL_TEST, 10.0, "idle"),
    "just before the second": (IDLE_CONTROL_TEST, 19.99, "idle"),
    "at the second": (IDLE_CONTROL_TEST, 20.0, "control"),
    "after the last": (IDLE_CONTROL_TEST, 1e6, "test"),
    "of two marks of one moment the later one": ([(10.0, "idle"), (10.0, "control")], 10.0, "control"),
}


@pytest.mark.parametrize(("marks", "at_s", "phase"), MOMENTS.values(), ids=MOMENTS.keys())
def test_the_phase_of_a_moment(marks: Marks, at_s: float, phase: str) -> None:
    assert phases(*marks).at(at_s) == phase


LENGTHS: dict[str, tuple[Marks, float, dict[str, float]]] = {
    "no mark": ([], 100.0, {"idle": 0.0, "control": 0.0, "test": 0.0}),
    "one": ([(10.0, "test")], 100.0, {"idle": 0.0, "control": 0.0, "test": 90.0}),
    "one of each": (IDLE_CONTROL_TEST, 100.0, {"idle": 10.0, "control": 30.0, "test": 50.0}),
    "the same twice": ([(0.0, "control"), (10.0, "test"), (15.0, "control")], 25.0, {"control": 20.0, "test": 5.0}),
    "as of its beginning": (IDLE_CONTROL_TEST, 50.0, {"control": 30.0, "test": 0.0}),
}


@pytest.mark.parametrize(("marks", "until_s", "lasted"), LENGTHS.values(), ids=LENGTHS.keys())
def test_how_long_each_lasted(marks: Marks, until_s: float, lasted: dict[str, float]) -> None:
    for order in permutations(marks):
        assert {phase: phases(*order).seconds(phase, until_s) for phase in lasted} == lasted


def test_what_was_marked_is_seen() -> None:
    made = phases((10.0, "idle"), (20.0, "test"))
    assert {phase: made.seen(phase) for phase in ("idle", "control", "test")} == {
        "idle": True,
        "control": False,
        "test": True,
    }


def test_a_word_that_is_no_phase_is_nothing() -> None:
    assert phases((10.0, "control"), (20.0, "holiday")).marks == [(10.0, "control")]


def test_marks_are_bounded_and_the_first_ones_stay() -> None:
    marks = [(float(number), ("control", "test")[number % 2]) for number in range(MARKS_KEPT + 10)]
    assert phases(*marks).marks == marks[:MARKS_KEPT]
