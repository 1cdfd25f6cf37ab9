"""The table of libraries: every row can be told from the others, and says what it means."""

from __future__ import annotations

import pytest

from pinprobe.libraries import BY_ID, LIBRARIES, Library, known


def test_ids_are_single() -> None:
    assert len(BY_ID) == len(LIBRARIES)


def test_a_mark_belongs_to_one_row_alone() -> None:
    marks = [(mark, row.id) for row in LIBRARIES for mark in (*row.classes, *row.texts, *row.files)]
    assert len({mark for mark, _ in marks}) == len(marks)
    inside = [(one, other) for one, _ in marks for other, _ in marks if one != other and one in other]
    assert inside == [], "a mark that is part of another would name both"


@pytest.mark.parametrize("row", LIBRARIES, ids=lambda row: row.id)
def test_a_row_has_marks_of_the_right_shape(row: Library) -> None:
    assert row.means.endswith(".") and len(row.means) < 200
    assert row.classes or row.texts or row.files or row.id == "ca-bundle"
    for descriptor in row.classes:
        assert descriptor.startswith("L") and "." not in descriptor and descriptor.count("/") >= 1
    for name in row.files:
        assert name.split("/")[0] in ("lib", "assets")


def test_only_known_ids_have_rows() -> None:
    assert [row.id for row in known(["flutter", "okhttp", "one_of_next_year"])] == ["okhttp", "flutter"]
