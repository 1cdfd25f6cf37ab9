"""What the index says of a session beside the one before."""

from __future__ import annotations

import pytest
from tests import builders as make
from tests.report.samples import HOSTILE, every_verdict, hostile, report_of, times

from pinprobe.report.changes import NAMED, NOTHING, WORDS, marks_of
from pinprobe.report.diff import Kind, difference
from pinprobe.report.json_format import document
from pinprobe.report.model import Report
from pinprobe.report.said import ReportSaid, said_by


def said(report: Report) -> ReportSaid:
    return said_by(document(report))


ACCEPTING = said(report_of(*times(4, make.accepted()), session_id="before"))
LAX = said(report_of(make.accepted(), make.accepted_unknown_ca("api.example.com"), ca_store="system"))
EMPTY = said(report_of())


def test_every_kind_of_change_has_its_word() -> None:
    assert list(WORDS) == list(Kind)
    assert len(set(WORDS.values())) == len(WORDS)


def test_a_session_like_the_one_before() -> None:
    marks = marks_of(ACCEPTING, ACCEPTING)
    assert (marks.words, marks.against, marks.changed, marks.kinds) == (NOTHING, "before", False, ())


def test_changes_and_findings_are_counted_and_named() -> None:
    marks = marks_of(ACCEPTING, LAX)
    assert marks.words == "1 changed, 1 finding appeared" and marks.changed
    changed, appeared = marks.kinds
    assert changed.lines == ("api.example.com:443: unpinned, probable → accepts untrusted, confirmed",)
    assert appeared.lines[0].startswith("api.example.com:443: PIN-107 ")
    assert marks_of(LAX, ACCEPTING).words == "1 changed, 1 finding went"


def test_it_is_the_comparison_of_pinprobe_diff() -> None:
    found = difference(EMPTY, said(every_verdict()))
    marks = marks_of(EMPTY, said(every_verdict()))
    named = sum(len(kind.lines) + kind.left_out for kind in marks.kinds)
    assert named == len(found.changes) + len(found.appeared) + len(found.went)
    assert all(len(kind.lines) <= NAMED for kind in marks.kinds)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_words(text: str) -> None:
    for kind in marks_of(EMPTY, said(hostile(text))).kinds:
        for line in kind.lines:
            assert "\x1b" not in line and "\u202e" not in line and len(line) < 1500
