"""What the list remembers: never more than the files say, and no report is read twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import builders as make
from tests.report.samples import report_of, times

from pinprobe.report.files import INDEX_CACHE, refresh_index
from pinprobe.report.index_cache import IndexCache
from pinprobe.report.json_format import render

NO, OK, YES = make.refused_alert(), make.relayed_ok(), make.accepted()


def write(reports: Path, name: str, *connections: make.Events, minutes: int = 0) -> Path:
    folder = reports / "app" / name
    folder.mkdir(parents=True, exist_ok=True)
    text = render(report_of(*connections, session_id=name, at_s=make.START_S + 60 * minutes))
    (folder / "report.json").write_text(text)
    return folder / "report.json"


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    write(tmp_path, "a", YES, YES)
    write(tmp_path, "b", *times(3, NO), *times(3, OK), minutes=1)
    write(tmp_path, "c", YES, minutes=2)
    return tmp_path


def afresh(reports: Path) -> str:
    """The page as it is without any memory."""
    (reports / INDEX_CACHE).unlink(missing_ok=True)
    return refresh_index(reports).read_text()


def test_the_page_is_the_same_and_nothing_is_read_again(reports: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = refresh_index(reports).read_text()
    read: list[str] = []
    real = Path.read_bytes

    def noted(path: Path) -> bytes:
        read.append(path.parent.name)
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", noted)
    assert refresh_index(reports).read_text() == first
    assert read == []
    write(reports, "d", NO, minutes=3)
    second = refresh_index(reports).read_text()
    assert sorted(read) == ["c", "d"], "the new one, and the one that it is compared with"
    assert second == afresh(reports) != first


def test_what_changes_or_vanishes_is_seen(reports: Path) -> None:
    refresh_index(reports)
    changes: list[Callable[[], object]] = [
        lambda: write(reports, "b", YES, minutes=1),
        lambda: (reports / "app" / "b" / "report.json").write_text("{}"),
        lambda: (reports / "app" / "a" / "report.json").unlink(),
        lambda: write(reports, "0", NO, NO, OK, minutes=-5),
    ]
    for change in changes:
        change()
        shown = refresh_index(reports).read_text()
        assert shown == afresh(reports)


def test_a_report_of_the_same_size_is_another_one(reports: Path) -> None:
    first = refresh_index(reports).read_text()
    path = reports / "app" / "a" / "report.json"
    text = path.read_text()
    path.write_text(text.replace("1 of 1 endpoint accepts", "9 of 9 endpoint accepts"))
    assert refresh_index(reports).read_text() == afresh(reports) != first


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"version": "0", "reports": {}}', "[" * 100_000])
def test_a_damaged_memory_is_as_good_as_none(reports: Path, text: str) -> None:
    page = afresh(reports)
    (reports / INDEX_CACHE).write_text(text)
    assert refresh_index(reports).read_text() == page


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=6,
)


@given(json_values, st.sampled_from(["entry", "marks", "stamp", "against", "against_stamp"]))
def test_whatever_stands_in_it(tmp_path_factory: pytest.TempPathFactory, value: object, key: str) -> None:
    reports = tmp_path_factory.mktemp("reports")
    write(reports, "a", YES)
    write(reports, "b", NO, minutes=1)
    page = refresh_index(reports).read_text()
    kept = json.loads((reports / INDEX_CACHE).read_text())
    for one in kept["reports"].values():
        one[key] = value
    (reports / INDEX_CACHE).write_text(json.dumps(kept))
    assert refresh_index(reports).read_text() == page


def test_without_a_file_there_is_nothing() -> None:
    assert IndexCache().entry("app/a", (1, 2, 3, 4), lambda: pytest.fail("not read")) is None
