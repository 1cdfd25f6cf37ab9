"""A difference as text and as JSON."""

from __future__ import annotations

import json
import re

import pytest
from tests import builders as make
from tests.report.samples import HOSTILE, every_verdict, hostile, report_of, times

from pinprobe.report.diff import Difference, Kind, difference
from pinprobe.report.diff_format import NOTHING, as_json, as_text
from pinprobe.report.json_format import document
from pinprobe.report.model import Report
from pinprobe.report.said import said_by


def between(before: Report, after: Report) -> Difference:
    return difference(said_by(document(before)), said_by(document(after)))


REFUSING = report_of(*times(4, make.refused_alert()), make.relayed_ok())
ACCEPTING = report_of(*times(4, make.accepted()), make.quic(), session_id="after")


def test_the_text() -> None:
    assert as_text(between(REFUSING, ACCEPTING)).splitlines() == [
        "com.example.app 20231114T221320Z -> com.example.app after",
        "changed: api.example.com:443: pinned, unproven -> unpinned, probable",
        "  - refused 4 of 4, alert certificate_unknown (46); control worked 1 of 1: a pin, or the CA is not trusted",
        "  + 8 requests decrypted on 4 connections, none refused",
        "new: video.example.net:443/udp: not tested",
        "  + QUIC only: not intercepted, so nothing is known",
    ]


def test_nothing() -> None:
    assert as_text(between(REFUSING, REFUSING)).splitlines()[1:] == [NOTHING]


def test_a_finding_about_the_app_as_a_whole() -> None:
    release = report_of(make.package(), make.accepted())
    debuggable = report_of(make.package(debuggable=True), make.accepted())
    found = between(release, debuggable)
    assert as_text(found).splitlines()[1:] == [
        "finding appeared: PIN-210 note at the app as a whole: A debuggable build was tested"
    ]
    assert json.loads(as_json(found))["findings_appeared"][0]["endpoint"] is None
    assert not between(debuggable, debuggable).appeared


def test_counts_name_their_test() -> None:
    m = make
    before = report_of(*times(19, m.accepted()), *times(2, m.refused_alert()))
    after = report_of(*times(2, m.accepted()), *times(19, m.refused_alert()))
    found = between(before, after)
    if [change.kind for change in found.changes] == [Kind.COUNTS]:
        assert "refused 2 of 21 -> 19 of 21: by chance in" in as_text(found)
        assert "Fisher's exact test" in as_text(found)


def test_findings_are_said() -> None:
    untrusted = report_of(make.accepted(), make.accepted_unknown_ca("api.example.com"))
    assert "finding appeared: PIN-107 error at api.example.com:443: " in as_text(between(ACCEPTING, untrusted))
    assert "finding went: PIN-107 error at api.example.com:443: " in as_text(between(untrusted, ACCEPTING))


def test_the_json_holds_the_same() -> None:
    found = json.loads(as_json(between(REFUSING, ACCEPTING)))
    assert found["before"] == {"app": "com.example.app", "session_id": "20231114T221320Z"}
    assert found["verdict_changed"] is True
    assert [(one["kind"], one["endpoint"]["host"]) for one in found["endpoints"]] == [
        ("changed", "api.example.com"),
        ("new", "video.example.net"),
    ]
    assert found["endpoints"][0]["before"]["refused"] == found["endpoints"][0]["after"]["accepted"] == 4
    assert found["endpoints"][1]["before"] is None and found["endpoints"][1]["chance"] is None


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_words_act_on_nothing(text: str) -> None:
    found = between(every_verdict(), hostile(text))
    assert not re.search(
        r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", as_text(found)
    )
    assert all(c == "\n" or " " <= c <= "~" for c in as_json(found))
