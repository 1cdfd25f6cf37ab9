"""Several runs as people read them: in the terminal, on the page, in a drawer."""

from __future__ import annotations

import re

import pytest
from tests import builders as make
from tests.report.samples import HOSTILE, every_verdict, hostile_runs, report_of, several_runs

from pinprobe.report import html, text
from pinprobe.report.drawer import drawer_of
from pinprobe.report.runs import runs_at, runs_of, runs_words
from pinprobe.report.view import page_of


def test_a_line_per_run() -> None:
    views = runs_of(several_runs())
    assert [view.where for view in views] == [
        "R0 no interception, 1.0",
        "R1 CA in no store, 1.0",
        "R2 user store, 1.0",
        "R3 system store, 1.0",
    ]
    assert views[2].when == "2023-11-15 00:13 UTC, 20 s, 16 connections"
    assert [words for _, words in views[2].verdicts] == ["2 unpinned", "2 pinned"]
    assert runs_words(several_runs()).startswith("4 runs judged together, 2023-11-14 22:13 UTC to 2023-11-15 01:13 UTC")


def test_one_session_has_none() -> None:
    report = every_verdict()
    assert runs_of(report) == () and page_of(report).runs == ()
    assert all(runs_at(endpoint) == () for endpoint in report.endpoints)
    assert "<ul class=runs>" not in html.render(report) and "Run by run" not in html.render(report)


def test_an_endpoint_run_by_run() -> None:
    one = next(e for e in several_runs().endpoints if e.judgement.rule_id == "distrusts_user_cas")
    shown = [(view.where, view.face.id, view.sure) for view in runs_at(one)]
    assert shown == [
        ("R0 no interception, 1.0", "not_tested", "–"),
        ("R1 CA in no store, 1.0", "unproven", "unproven"),
        ("R2 user store, 1.0", "unproven", "unproven"),
        ("R3 system store, 1.0", "unpinned", "confirmed"),
    ]


def test_the_drawer_knows_the_joint_rules_and_names_no_single_journal() -> None:
    for endpoint in several_runs().endpoints:
        drawer = drawer_of(endpoint, make.START_S)
        assert drawer.says and drawer.lines == "" and len(drawer.runs) == len(endpoint.runs)
    assert drawer_of(report_of(make.accepted()).endpoints[0], make.START_S).lines


def test_the_page_and_the_table_show_the_runs() -> None:
    page = html.render(several_runs())
    assert page.count("<li><b><bdi>R") == 4 and page.count("Run by run") == len(several_runs().endpoints)
    assert "Made by pinprobe from the journals of these runs" in page
    assert "<dt>latest session<dd><bdi>run-3</bdi>" in page
    rendered = text.render(several_runs())
    assert "R2 user store, 1.0: 2023-11-15 00:13 UTC, 20 s, 16 connections; 2 unpinned, 2 pinned (run-2)" in " ".join(
        rendered.split()
    )


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_labels_act_on_nothing(words: str) -> None:
    report = hostile_runs(words)
    for shown in (html.render(report), text.render(report)):
        assert not re.search(
            r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", shown
        )
    assert "<script>window" not in html.render(report)
    assert max(map(len, text.render(report).splitlines())) <= text.WIDTH
