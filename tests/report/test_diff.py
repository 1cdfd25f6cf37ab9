"""What is a change, and what is noise."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import builders as make
from tests.report.samples import every_verdict, report_of, times

from pinprobe.chance import fisher_two_sided
from pinprobe.report.diff import Change, Kind, chance_of_counts, difference
from pinprobe.report.json_format import document
from pinprobe.report.model import Report
from pinprobe.report.said import EndpointSaid, ReportSaid, said_by
from pinprobe.thresholds import COUNTS_COMPARED
from pinprobe.verdicts import Confidence, Verdict

YES, NO, OK = make.accepted(), make.refused_alert(), make.relayed_ok()
PROVEN = [*times(4, NO), OK, *times(2, make.accepted("cdn.example.net")), *times(2, make.refused_unknown_ca())]
SCENES: dict[str, Report] = {
    "unproven": report_of(*times(4, NO), OK),
    "unproven, often": report_of(*times(9, NO), OK),
    "probable": report_of(*PROVEN, ca_store="system"),
    "refused once": report_of(NO, OK),
    "mixed": report_of(*times(3, NO), YES, OK),
    "unpinned": report_of(*times(4, YES)),
    "confirmed": report_of(*times(4, YES), ca_store="system"),
    "untrusted": report_of(YES, make.accepted_unknown_ca("api.example.com")),
    "relayed": report_of(OK),
    "refused, no control": report_of(*times(4, NO)),
    "nothing": report_of(),
}


def said(name: str) -> ReportSaid:
    return said_by(document(SCENES[name]))


def change(before: str, after: str) -> Change | None:
    return next(
        (c for c in difference(said(before), said(after)).changes if c.endpoint.host == "api.example.com"), None
    )


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("unproven", "unproven", None),
        ("unproven", "unproven, often", None),
        ("unproven", "unpinned", Kind.CHANGED),
        ("unpinned", "unproven", Kind.CHANGED),
        ("probable", "confirmed", Kind.CHANGED),
        ("unpinned", "untrusted", Kind.CHANGED),
        ("unproven", "refused once", Kind.UNDECIDED),
        ("refused once", "unproven", Kind.UNDECIDED),
        ("unproven", "mixed", Kind.CHANGED),
        ("mixed", "unproven", Kind.CHANGED),
        ("unpinned", "refused once", Kind.UNDECIDED),
        ("unpinned", "refused, no control", Kind.CHANGED),
        ("unproven", "refused, no control", Kind.UNDECIDED),
        ("unpinned", "relayed", Kind.UNDECIDED),
        ("refused once", "relayed", Kind.UNDECIDED),
        ("unproven", "probable", Kind.SURER),
        ("probable", "unproven", Kind.LESS_SURE),
        ("unpinned", "confirmed", Kind.SURER),
        ("confirmed", "unpinned", Kind.LESS_SURE),
        ("nothing", "unpinned", Kind.NEW),
        ("unpinned", "nothing", Kind.GONE),
    ],
)
def test_kinds(before: str, after: str, kind: Kind | None) -> None:
    found = change(before, after)
    assert (found.kind if found is not None else None) == kind
    assert difference(said(before), said(after)).verdict_changed is (kind is Kind.CHANGED)


def counts(refused: int, accepted: int, verdict: Verdict = Verdict.SUSPICIOUS) -> EndpointSaid:
    return EndpointSaid(
        verdict=verdict,
        confidence=Confidence.CONFIRMED,
        rule_id="degraded",
        reason="x",
        refused=refused,
        accepted=accepted,
    )


def of(one: EndpointSaid) -> ReportSaid:
    (name,) = said("unpinned").endpoints
    return ReportSaid(app_id="a", session_id="s", endpoints={name: one}, findings=())


def test_counts_differ_where_the_test_says_so() -> None:
    assert difference(of(counts(2, 8)), of(counts(6, 4))).changes == ()
    (found,) = difference(of(counts(1, 19)), of(counts(15, 5))).changes
    assert found.kind is Kind.COUNTS
    assert found.chance == fisher_two_sided(1, 19, 15, 5) < 0.01


def test_large_counts_are_compared_by_their_shares() -> None:
    same = chance_of_counts(counts(50 * COUNTS_COMPARED, 50 * COUNTS_COMPARED), counts(5 * 10**9, 5 * 10**9))
    assert same == pytest.approx(1.0)
    assert chance_of_counts(counts(10**9, 0), counts(0, 10**9)) < 1e-9


def test_findings_come_and_go() -> None:
    found = difference(said("unpinned"), said("untrusted"))
    assert [(one.id, one.endpoint and one.endpoint.host) for one in found.appeared] == [("PIN-107", "api.example.com")]
    assert found.went == ()
    assert [one.id for one in difference(said("untrusted"), said("unpinned")).went] == ["PIN-107"]


@given(st.sampled_from(sorted(SCENES)), st.sampled_from(sorted(SCENES)))
def test_the_other_way_round(a: str, b: str) -> None:
    """What is new one way is gone the other way, and a change is one both ways."""
    other: dict[Any, Kind] = {
        Kind.NEW: Kind.GONE,
        Kind.GONE: Kind.NEW,
        Kind.SURER: Kind.LESS_SURE,
        Kind.LESS_SURE: Kind.SURER,
    }
    there, back = difference(said(a), said(b)), difference(said(b), said(a))
    assert {c.endpoint: other.get(c.kind, c.kind) for c in there.changes} == {c.endpoint: c.kind for c in back.changes}
    assert (there.appeared, there.went) == (back.went, back.appeared)


def test_a_report_does_not_differ_from_itself() -> None:
    whole = said_by(document(every_verdict()))
    found = difference(whole, whole)
    assert not found.changes and not found.appeared and not found.went
