"""JSON that people can read."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinprobe.report.json_layout import WIDTH, laid_out

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=30,
)


@given(VALUES)
def test_nothing_is_lost_and_all_is_printable_ascii(value: object) -> None:
    text = laid_out(value)
    assert json.loads(text) == value
    assert all(c == "\n" or " " <= c <= "~" for c in text)


@given(st.lists(st.lists(VALUES, min_size=1) | st.dictionaries(st.text(), VALUES, min_size=1), min_size=1))
def test_what_is_laid_out_ahead_stands_as_if_it_were_not(values: list[object]) -> None:
    ahead = [laid_out(value, depth=2) for value in values]
    assert laid_out({"before": 1, "within": ahead}) == laid_out({"before": 1, "within": values})


def test_small_things_stay_on_one_line() -> None:
    text = laid_out({"a": {"b": 1, "c": []}, "long": ["x" * 100, "y" * 100], "deep": [{"d": {"e": 1}}]})
    assert text.splitlines() == [
        "{",
        ' "a": {"b": 1, "c": []},',
        ' "long": [',
        f'  "{"x" * 100}",',
        f'  "{"y" * 100}"',
        " ],",
        ' "deep": [',
        "  {",
        '   "d": {"e": 1}',
        "  }",
        " ]",
        "}",
    ]
    assert max(map(len, text.splitlines())) <= WIDTH


@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_what_json_does_not_have_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        laid_out([number])
