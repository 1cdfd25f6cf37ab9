"""A report.json says what its report says, and anything else is refused with a sentence."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.report.samples import (
    HOSTILE,
    every_declaration,
    every_degradation,
    every_reading,
    every_verdict,
    hostile,
    report_of,
    several_runs,
)

from pinprobe.report.careful import NoReport
from pinprobe.report.json_format import document, render
from pinprobe.report.model import Report
from pinprobe.report.outline import outline_of
from pinprobe.report.outline_reader import outline_by

DOCUMENT = document(every_verdict())


@pytest.mark.parametrize(
    "sample", [every_verdict, every_reading, every_degradation, every_declaration, several_runs, report_of]
)
def test_a_file_and_its_report_are_the_same(sample: Callable[[], Report]) -> None:
    assert outline_by(json.loads(render(sample()))) == outline_of(sample())


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_words_come_back(text: str) -> None:
    assert outline_by(json.loads(render(hostile(text)))) == outline_of(hostile(text))


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a document, down to the first two endpoints."""
    yield path
    members = value.items() if isinstance(value, dict) else enumerate(value[:2]) if isinstance(value, list) else ()
    for key, member in members:
        yield from places(member, (*path, key))


PLACES = [path for path in places(DOCUMENT) if path]


@given(st.sampled_from(PLACES), st.sampled_from([None, True, -1, 1.5, "x", [], {}, [None], {"id": 1}]))
def test_whatever_stands_there_it_is_read_or_refused(path: tuple[Any, ...], value: Any) -> None:
    broken = copy.deepcopy(DOCUMENT)
    place = broken
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    try:
        outline_by(broken)
    except NoReport as error:
        assert len(str(error)) < 400


@pytest.mark.parametrize("key", ["app", "session", "summary", "endpoints", "findings", "notices"])
def test_what_is_missing_is_refused(key: str) -> None:
    with pytest.raises(NoReport, match="not a pinprobe report"):
        outline_by({name: value for name, value in DOCUMENT.items() if name != key})
