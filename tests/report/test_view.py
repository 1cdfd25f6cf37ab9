"""The first screen and the rows."""

from __future__ import annotations

from tests import builders as make
from tests.report.samples import every_verdict, report_of, several_runs

from pinprobe.report.model import Report
from pinprobe.report.view import Row, page_of, row_of


def row(report: Report, host: str) -> Row:
    number, endpoint = next((n, e) for n, e in enumerate(report.endpoints, 1) if e.judgement.endpoint.host == host)
    return row_of(endpoint, number)


def test_the_six_cells() -> None:
    shown = row(every_verdict(), "api.example.com")
    assert shown.face.id == "pinned"
    assert (shown.before_domain, shown.domain, shown.port) == ("api.", "example.com", ":443")
    assert shown.reason.startswith("refused 4 of 4, alert certificate_unknown (46)")
    assert len(shown.reason) <= 90
    assert shown.probes == "trusted CA 4/4 refused · control 3/3"
    assert (shown.owner, shown.sure) == ("first party", "probable")


def test_a_name_that_the_catalog_does_not_know_is_its_own_domain() -> None:
    shown = row(every_verdict(), "flutter.example.net")
    assert (shown.before_domain, shown.domain) == ("", "flutter.example.net")


def test_an_internationalised_name_keeps_its_a_label() -> None:
    shown = row(every_verdict(), "xn--bcher-kva.example")
    assert shown.domain == "xn--bcher-kva.example"
    assert shown.unicode == "bücher.example"


def test_a_transport_other_than_tcp_is_said() -> None:
    assert row(every_verdict(), "video.example.net").port == ":443/udp"


def test_the_first_screen() -> None:
    page = page_of(every_verdict())
    assert page.label == "com.example.app"
    assert page.app_id is None
    assert page.sentence.startswith("2 of 13 endpoints reject")
    assert page.run == "2023-11-14 22:13 UTC, 1 min 8 s, 59 connections, mode experiment, CA store system"
    assert [word for _, word, _ in page.faces][:3] == ["accepts untrusted", "suspicious", "pinned, unproven"]
    assert dict(page.facts)["journal (SHA-256)"] == "ab" * 32
    assert [notice.level.value for notice in page.loud] == ["error", "warning"]


def test_findings_point_to_rows() -> None:
    report = every_verdict()
    finding = next(one for one in page_of(report).findings if one.finding.id == "PIN-107")
    assert finding.named == ((1, "ads.example.org:443"),)
    assert page_of(report).findings_words.startswith("2 errors")


def test_an_empty_session() -> None:
    page = page_of(report_of())
    assert page.endpoints == 0 and page.bar == "" and page.faces == () and page.findings_words == ""
    assert page.sentence == "No TLS connection reached the proxy. This says nothing about pinning."


def test_one_connection_is_one() -> None:
    assert ", 1 connection, " in page_of(report_of(make.accepted())).run


def test_the_run_s_label_stands_in_the_heading_where_it_is_one_run() -> None:
    assert page_of(report_of(label="2.1\u202e")).version == "2.1\\u202e"
    assert page_of(report_of()).version == page_of(several_runs()).version == ""
