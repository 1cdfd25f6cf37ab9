"""The report without its evidence."""

from __future__ import annotations

from tests import builders as make
from tests.report.rulings import broken_policy
from tests.report.samples import every_verdict, report_of

from pinprobe.report.outline import outline_of, said_beside
from pinprobe.signals import State


def test_it_holds_the_verdicts_and_no_evidence() -> None:
    report = every_verdict()
    outline = outline_of(report)
    assert [one.judgement.endpoint for one in outline.endpoints] == [e.judgement.endpoint for e in report.endpoints]
    assert [one.judgement.reason for one in outline.endpoints] == [e.judgement.reason for e in report.endpoints]
    assert {signal.state for one in outline.endpoints for signal in one.judgement.signals} == {State.PRESENT}
    assert not any(one.judgement.stacks for one in outline.endpoints)
    assert outline.findings == report.findings and outline.policy is None


def test_something_is_tested_or_nothing() -> None:
    assert outline_of(every_verdict()).anything_tested
    assert not outline_of(report_of(make.relayed_ok(), make.quic())).anything_tested
    assert not outline_of(report_of()).anything_tested


def test_what_is_said_beside_an_endpoint() -> None:
    outline = outline_of(broken_policy())
    said = said_beside(outline)
    by_name = {one.name: said[one.judgement.endpoint] for one in outline.endpoints}
    assert [one.id for one in by_name["ads.example.org:443"].findings] == ["PIN-107"]
    assert [one.breach.what for one in by_name["ads.example.org:443"].waived] == ["PIN-107"]
    assert [one.what for one in by_name["old.example.com:443"].broken] == ["PIN-106"]
    assert not by_name["login.example.com:443"].findings and not by_name["login.example.com:443"].broken
    assert [one.pattern for one in said[None].broken] == ["nowhere.example"]
    assert [one.breach.what for one in said[None].waived] == ["coverage"]
