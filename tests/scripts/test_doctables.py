"""Reading and writing Markdown tables."""

from __future__ import annotations

import pytest

from doctables.markdown import read_table, rewritten, table

ROWS = [["`a`", "one"], ["b", "two"]]


def test_a_written_table_reads_back() -> None:
    text = "Before.\n\n" + table(("name", "says"), ROWS) + "\nAfter.\n"
    assert read_table(text, "name") == [["a", "one"], ["b", "two"]]


def test_a_bar_in_a_cell_stays_in_its_cell() -> None:
    assert read_table(table(("name", "says"), [["a", "x | y"]]), "name") == [["a", "x \\| y"]]


def test_a_missing_table_is_an_error() -> None:
    with pytest.raises(LookupError, match="no table number 1 whose first column is 'nothing'"):
        read_table("no table", "nothing")


def test_only_the_marked_part_is_written_anew() -> None:
    page = "a\n<!-- table: one -->\nold\n<!-- end -->\nb\n"
    new = "a\n<!-- table: one -->\nnew\n<!-- end -->\nb\n"
    assert rewritten(page, {"one": "new\n"}) == new
    assert rewritten(new, {"one": "new\n"}) == new


def test_an_unknown_marker_is_an_error() -> None:
    with pytest.raises(LookupError, match="no generated part is called 'two'"):
        rewritten("<!-- table: two -->\n<!-- end -->", {"one": ""})
