"""What pins are chosen from is the same in a report and in its file."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import builders as make
from tests.advice.made import OWN
from tests.report.samples import (
    HOSTILE,
    every_degradation,
    every_reading,
    every_verdict,
    hostile,
    report_of,
    several_runs,
)
from tests.report.test_json_format import valid

from pinprobe import events as ev
from pinprobe.report.careful import NoReport
from pinprobe.report.json_format import document, render
from pinprobe.report.model import Report
from pinprobe.report.served import served_in, served_of


def rotating(**of_session: Any) -> Report:
    """A server that shows two chains, one of which ends in a root that is known and was not sent."""
    first = [
        replace(event, chain_id="first", chain=event.chain[:2], root=event.chain[2])
        if isinstance(event, ev.ServerChainSeen)
        else event
        for event in make.accepted()
    ]
    return report_of(first, make.accepted(), **{"first_party": ("example.com",), **of_session})


def with_backup() -> Report:
    """A session with a backup of its own."""
    return rotating(backup_pins=(OWN,))


@pytest.mark.parametrize(
    "sample",
    [every_verdict, every_reading, every_degradation, several_runs, report_of, rotating, with_backup],
    ids=lambda sample: sample.__name__,
)
def test_a_file_and_its_report_are_the_same(sample: Callable[[], Report]) -> None:
    assert served_in(json.loads(render(sample()))) == served_of(sample())


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_words_come_back(text: str) -> None:
    read, said = served_in(json.loads(render(hostile(text)))), served_of(hostile(text))
    assert read.first_party == said.first_party
    assert [one.host for one in read.served] == [one.host for one in said.served]


def test_all_chains_and_their_roots() -> None:
    (one,) = served_of(rotating()).served
    assert [len(chain.certificates) for chain in one.chains] == [3, 2]
    assert [chain.root is not None for chain in one.chains] == [False, True]


def test_the_schema_knows_roots_earlier_chains_and_backups() -> None:
    written = valid(render(with_backup()))
    (one,) = written["endpoints"]
    assert one["server_root"] is None and len(one["other_chains"]) == 1
    assert one["other_chains"][0]["root"]["subject"] == "CN=Example Root,O=Example Trust"
    assert written["session"]["backup_pins"] == [OWN]
    assert "other_chains" not in valid(render(every_verdict()))["endpoints"][0]


def test_whose_hosts_they_are() -> None:
    hosts = served_of(every_verdict())
    assert hosts.first_party == ("old.example.com", "api.example.com", "login.example.com", "files.example.com")
    others = {one.host: one.others for one in hosts.served}
    assert others["api.example.com"] == "" and others["metrics.example.net"] == "Example Metrics"
    cdn = report_of(
        make.host_known("api.example.com", "example.com", category="cdn", vendor="Example CDN"),
        make.accepted(),
        first_party=("example.com",),
    )
    assert served_of(cdn).served[0].others == "CDN"


DOCUMENT = document(rotating())


@given(st.data())
def test_a_damaged_file_is_refused_or_read(data: st.DataObject) -> None:
    damaged: Any = copy.deepcopy(DOCUMENT)
    place: Any = damaged
    while isinstance(place, dict | list) and place:
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if not isinstance(place[key], dict | list) or data.draw(st.booleans()):
            place[key] = data.draw(st.sampled_from([None, 1, "x", [], {}, [1], True]))
            break
        place = place[key]
    try:
        served_in(damaged)
    except NoReport as error:
        assert str(error)


@pytest.mark.parametrize("wrong", [None, [], {}, {"schema_version": 99}, {"schema_version": 2}])
def test_what_is_no_report(wrong: Any) -> None:
    with pytest.raises(NoReport):
        served_in(wrong)


def test_a_backup_that_is_none_is_refused() -> None:
    damaged = document(with_backup())
    damaged["session"]["backup_pins"] = ["x"]
    with pytest.raises(NoReport, match="is no pin"):
        served_in(damaged)
