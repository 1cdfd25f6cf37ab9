"""Reading a report.json that may hold anything."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import builders as make
from tests.report.samples import every_verdict, report_of, several_runs, times

from pinprobe.events import SCHEMA_VERSION
from pinprobe.report.json_format import document
from pinprobe.report.said import Name, NoReport, said_by

PLAIN = document(report_of(*times(2, make.refused_alert()), make.relayed_ok()))


@pytest.mark.parametrize("report", [every_verdict(), several_runs()], ids=["one session", "several runs"])
def test_every_endpoint_is_read(report: Any) -> None:
    said = said_by(document(report))
    assert len(said.endpoints) == len(report.endpoints)
    for one in report.endpoints:
        name = one.judgement.endpoint
        found = said.endpoints[Name(host=name.host, port=name.port, transport=name.transport)]
        assert (found.verdict, found.confidence) == (one.judgement.verdict, one.judgement.confidence)
    assert sum(len(one.endpoints) for one in report.findings) == len(said.findings)


@pytest.mark.parametrize(
    ("connections", "counts"),
    [
        (times(3, make.refused_alert()), (3, 0)),
        (times(2, make.accepted()), (0, 2)),
        (times(3, make.pinned_after_handshake()), (3, 0)),
        ([make.accepted(), make.pinned_after_handshake()], (0, 1)),
        (times(2, make.silent()), (0, 0)),
        (times(4, make.closed_in_handshake()), (0, 0)),
        (times(2, make.refused_unknown_ca("api.example.com")), (0, 0)),
    ],
)
def test_refusals_and_accepts_under_the_trusted_ca(connections: list[make.Events], counts: tuple[int, int]) -> None:
    (one,) = said_by(document(report_of(*connections))).endpoints.values()
    assert (one.refused, one.accepted) == counts


def test_older_reports_are_read_and_newer_ones_refused() -> None:
    assert said_by({**PLAIN, "schema_version": 1}).app_id == "com.example.app"
    with pytest.raises(NoReport, match="newer pinprobe"):
        said_by({**PLAIN, "schema_version": SCHEMA_VERSION + 1})


@pytest.mark.parametrize("wrong", [None, [], "x", 7, {}, {"schema_version": True}, {"schema_version": "2"}])
def test_what_is_no_report(wrong: Any) -> None:
    with pytest.raises(NoReport, match="no schema_version"):
        said_by(wrong)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return (
        [path, *(found for key, one in inner for found in _paths(one, (*path, key)))]
        if path
        else [found for key, one in inner for found in _paths(one, (key,))]
    )


JUNK: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just([]) | st.just({}) | st.just([{}])
)


@given(st.sampled_from(_paths(PLAIN)), JUNK)
def test_any_damage_is_read_or_refused(path: tuple[Any, ...], junk: Any) -> None:
    damaged = copy.deepcopy(PLAIN)
    inside: Any = damaged
    for key in path[:-1]:
        inside = inside[key]
    inside[path[-1]] = junk
    try:
        said_by(damaged)
    except NoReport as error:
        assert str(error)
