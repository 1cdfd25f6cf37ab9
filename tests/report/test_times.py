"""Moments as text, whatever a certificate claims."""

from __future__ import annotations

import pytest

from pinprobe.report.times import day, iso, minute, span

WHEN_S = 1_700_000_000.1239


def test_a_moment_in_its_forms() -> None:
    assert iso(WHEN_S) == "2023-11-14T22:13:20Z"
    assert iso(WHEN_S, milliseconds=True) == "2023-11-14T22:13:20.123Z"
    assert day(WHEN_S) == "2023-11-14"
    assert minute(WHEN_S) == "2023-11-14 22:13 UTC"
    assert day(-3e9) == "1874-12-07"


@pytest.mark.parametrize("seconds", [1e18, -1e18, float("nan"), float("inf")])
def test_a_moment_beyond_the_calendar(seconds: float) -> None:
    assert iso(seconds) is None
    assert day(seconds) == minute(seconds) == "out of range"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "0 s"),
        (59.4, "59 s"),
        (60, "1 min 0 s"),
        (3725, "1 h 2 min"),
        (-5, "0 s"),
        (float("nan"), "0 s"),
        (1e300, "0 s"),
    ],
)
def test_spans(seconds: float, words: str) -> None:
    assert span(seconds) == words
