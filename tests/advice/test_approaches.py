"""The table of approaches."""

from __future__ import annotations

from dataclasses import fields

from pinprobe.advice import ADVISED, APPROACHES


def test_every_cell_is_filled_and_every_row_is_another() -> None:
    assert len({row.id for row in APPROACHES}) == len(APPROACHES)
    assert all(getattr(row, field.name).strip() for row in APPROACHES for field in fields(row))


def test_the_ways_that_people_ask_about_are_there_and_one_is_advised() -> None:
    assert [row.id for row in APPROACHES] == ["none", "leaf", "intermediate", "intermediate_with_backup", "dynamic"]
    assert ADVISED in {row.id for row in APPROACHES}
