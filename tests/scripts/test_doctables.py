"""Reading and writing Markdown tables."""

from __future__ import annotations

import pytest

from doctables.markdown import read_table, rewritten, table
from doctables.parts import FAMILIES, WHEN, WHEN_OF_FAMILY, policy_keys, probe_list, probes
from pinprobe.config import ASKABLE
from pinprobe.policy.reader import EXPECTATION_KEYS, POLICY_KEYS, WAIVER_KEYS
from pinprobe.probes import BY_ID, PROBES

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


def test_every_probe_says_when_it_is_shown() -> None:
    assert set(WHEN) <= set(BY_ID)
    for probe in PROBES:
        assert probe.family in FAMILIES
        assert probe.id in WHEN or probe.family in WHEN_OF_FAMILY, f"say in doctables/parts.py when {probe.id} is shown"
    assert set(WHEN_OF_FAMILY) >= ASKABLE


def test_every_probe_has_its_heading_and_its_row() -> None:
    text = probes()
    assert [line.removeprefix("### ") for line in text.splitlines() if line.startswith("### ")] == list(BY_ID)
    assert [row[0] for row in read_table(probe_list(), "probe")] == [f"[`{id}`](#{id})" for id in BY_ID]
    assert all(probe.shows in text and probe.passing_means in text for probe in PROBES)


def test_every_key_of_a_policy_has_its_row() -> None:
    rows = {row[0]: row[1] for row in read_table(policy_keys(), "key")}
    below = [f"expect[].{name}" for name in EXPECTATION_KEYS] + [f"waivers[].{name}" for name in WAIVER_KEYS]
    assert set(rows) == {*POLICY_KEYS, *below}
    assert rows["version"] == rows["waivers[].until"] == "yes" and rows["app"] == "–"
