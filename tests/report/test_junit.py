"""JUnit XML: failed is what breaks the policy, skipped what was not decided; nothing observed is an error."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from tests import builders as make
from tests.report.rulings import broken_policy, hostile_policy, met_policy
from tests.report.samples import HOSTILE, every_verdict, report_of

from pinprobe.report import junit
from pinprobe.report.model import Report
from pinprobe.report.outline import outline_of
from pinprobe.verdicts import Verdict


def suite_of(report: Report) -> ElementTree.Element:
    """The one suite; its counts and those of the root are right."""
    root = ElementTree.fromstring(junit.render(outline_of(report)))  # noqa: S314 - our own
    (suite,) = root
    for one in (root, suite):
        assert one.get("tests") == str(len(suite.findall("testcase")))
        for name, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert one.get(name) == str(len(suite.findall(f"testcase/{tag}")))
    return suite


def names(suite: ElementTree.Element, tag: str) -> list[str | None]:
    return [case.get("name") for case in suite.findall("testcase") if case.find(tag) is not None]


def test_a_suite_for_the_app_and_a_case_for_each_host() -> None:
    report = every_verdict()
    suite = suite_of(report)
    assert suite.get("name") == "com.example.app"
    assert [case.get("name") for case in suite.findall("testcase")] == [
        one.name for one in outline_of(report).endpoints
    ]
    assert {case.get("classname") for case in suite.findall("testcase")} == {"com.example.app"}


def test_without_a_policy_nothing_fails() -> None:
    report = every_verdict()
    suite = suite_of(report)
    undecided = [
        one.name
        for one in outline_of(report).endpoints
        if one.judgement.verdict in {Verdict.INCONCLUSIVE, Verdict.NOT_TESTED}
    ]
    assert names(suite, "failure") == [] and names(suite, "skipped") == undecided


def test_what_breaks_the_policy_fails() -> None:
    suite = suite_of(broken_policy())
    assert names(suite, "failure") == [
        "old.example.com:443",
        "flutter.example.net:443",
        "api.example.com:443",
        "expect nowhere.example",
    ]
    told = {case.get("name"): case.findtext("system-out") or "" for case in suite.findall("testcase")}
    assert "waived: PIN-107 ads.example.org:443" in told["ads.example.org:443"]
    assert told["coverage video.example.net"].startswith("waived: coverage video.example.net: must be put to the test")
    facts = {one.get("name"): one.get("value") for one in suite.findall("properties/property")}
    assert (facts["policy"] or "").startswith("Policy broken: 4 of 6 checks failed, 2 waived.")
    assert names(suite_of(met_policy()), "failure") == []


@pytest.mark.parametrize("report", [report_of(), report_of(make.relayed_ok())], ids=["nothing", "nothing tested"])
def test_nothing_observed_is_an_error(report: Report) -> None:
    assert names(suite_of(report), "error") == ["anything was put to the test"]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_words_stay_words(text: str) -> None:
    suite, plain = suite_of(hostile_policy(text)), suite_of(hostile_policy("plain"))
    assert {one.tag for one in suite.iter()} <= {one.tag for one in plain.iter()} | {"error"}
    rendered = junit.render(outline_of(hostile_policy(text)))
    assert not any((c < " " and c != "\n") or "\x7f" <= c <= "\x9f" or "\ud800" <= c <= "\udfff" for c in rendered)


def test_the_end_of_a_section_is_shown_as_it_is() -> None:
    suite = suite_of(hostile_policy("a ]]> b"))
    assert any("a ]]> b" in (case.findtext("failure") or "") for case in suite.findall("testcase"))
