"""What breaks a policy, what a waiver lets pass, and that silence is no pass."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from tests import builders as make
from tests.policy.written import TODAY, named, policy, ruling
from tests.report.samples import every_declaration, every_verdict, report_of, several_runs, times

from pinprobe.findings import Level
from pinprobe.policy import judged_by, ruled, ruled_when_recorded
from pinprobe.report.json_format import render
from pinprobe.report.outline import outline_of
from pinprobe.report.outline_reader import outline_by
from pinprobe.report.ruling import Standing

WORLD = every_verdict()
"""api and login pinned, cdn and metrics unpinned, old suspicious, flutter unproven, files undecided, video not tested."""


def expect(host: str, verdict: str, *more: str) -> str:
    return "\n".join(["fail_on: []", "expect:", f'  - host: "{host}"', f"    verdict: {verdict}", *more])


@pytest.mark.parametrize(
    ("host", "verdict", "says"),
    [
        ("api.example.com", "pinned", None),
        ("cdn.example.net", "unpinned", None),
        (
            "api.example.com",
            "unpinned",
            "expected unpinned, probable or better; it is pinned, probable: refused 4 of 4",
        ),
        ("flutter.example.net", "pinned", "expected pinned, probable or better; it is pinned, unproven: "),
        ("files.example.com", "pinned", "it is inconclusive: "),
        ("files.example.com", "unpinned", "it is inconclusive: "),
        ("video.example.net", "unpinned", "it is not tested: QUIC only"),
        ("old.example.com:443", "pinned", "it is suspicious, confirmed: "),
        ("ads.example.org", "unpinned", "it is unpinned, accepts untrusted certificates: "),
        ("ads.example.org", "any", None),
        ("video.example.net", "any", None),
        ("nowhere.example", "pinned", "expected pinned, probable or better; no such host was seen"),
        ("*.nowhere.example", "unpinned", "no such host was seen"),
        ("nowhere.example", "any", None),
    ],
)
def test_an_expectation(host: str, verdict: str, says: str | None) -> None:
    found = ruling(expect(host, verdict), WORLD)
    if says is None:
        assert (found.standing, found.broken) == (Standing.MET, ())
    else:
        (breach,) = found.broken
        assert found.standing is Standing.BROKEN
        assert says in breach.text
        assert (breach.what, breach.rule_id, breach.pattern) == ("expect", "PIN-901", host)


def test_the_least_confidence_can_be_raised() -> None:
    (breach,) = ruling(expect("api.example.com", "pinned", "    confidence: confirmed"), WORLD).broken
    assert "expected pinned, confirmed or better" in breach.text


def test_every_endpoint_of_a_host_counts() -> None:
    found = ruling(expect("old.example.com", "pinned"), WORLD)
    assert named(found.broken) == [("expect", "old.example.com:443"), ("expect", "old.example.com:80")]


def test_of_several_lines_the_first_one_counts() -> None:
    text = "fail_on: []\nexpect:\n  - {host: files.example.com, verdict: any}\n  - {host: '*.example.com', verdict: pinned}\n"
    assert [name for _, name in named(ruling(text, WORLD).broken)] == ["old.example.com:443", "old.example.com:80"]


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("api.example.com", None),
        ("files.example.com", None),
        ("*.example.com", None),
        ("video.example.net", "must be put to the test; it was seen, and not tested: QUIC only"),
        ("connectivity.example", "it was seen, and not tested: only relayed"),
        ("nowhere.example", "it was not seen"),
    ],
)
def test_coverage(pattern: str, says: str | None) -> None:
    found = ruling(f"fail_on: []\ncoverage: ['{pattern}']", WORLD)
    assert [breach.what for breach in found.broken] == ([] if says is None else ["coverage"])
    assert all(says is not None and says in breach.text and breach.rule_id == "PIN-902" for breach in found.broken)


@pytest.mark.parametrize(
    ("fail_on", "broken"),
    [
        ("[]", []),
        ("[error]", ["PIN-107", "PIN-106"]),
        ("[note]", ["PIN-107", "PIN-106", "PIN-301"]),
        ("[PIN-106]", ["PIN-106"]),
        ("[PIN-101]", []),
    ],
)
def test_findings_that_fail(fail_on: str, broken: list[str]) -> None:
    assert [breach.what for breach in ruling(f"fail_on: {fail_on}", WORLD).broken] == broken


def test_a_policy_that_says_nothing_fails_on_errors() -> None:
    found = ruling("", WORLD)
    assert named(found.broken) == [("PIN-107", "ads.example.org:443"), ("PIN-106", "old.example.com:443")]
    assert found.sentence == "Policy broken: 2 of 2 checks failed."


def test_first_party_hosts_of_the_policy_count_too() -> None:
    found = judged_by(policy("first_party: [example.net]"), outline_of(WORLD), TODAY)
    about = {finding.id: {name.host for name in finding.endpoints} for finding in found.findings}
    assert {"cdn.example.net", "metrics.example.net"} <= about["PIN-102"]
    assert {one.owner for one in found.endpoints if one.judgement.endpoint.host == "cdn.example.net"} == {"first party"}
    assert any(one.first_party for one in found.endpoints if one.judgement.endpoint.host == "api.example.com")


def test_level_two_asks_for_pins() -> None:
    report = report_of(*times(3, make.accepted()), first_party=("example.com",), ca_store="system")
    for level, standing in (("L1", Standing.MET), ("L2", Standing.BROKEN)):
        assert ruling(f"masvs: {level}\nfail_on: [warning]", report).standing is standing
    raised = judged_by(policy("masvs: L2"), outline_of(report), TODAY).findings
    assert [(one.id, one.level) for one in raised] == [("PIN-101", Level.WARNING)]


# -- waivers -----------------------------------------------------------------------------------------------------


def waiver(what: str, host: str, until: date = TODAY) -> str:
    return f'waivers:\n  - {{what: {what}, host: "{host}", reason: "ticket 1", until: {until.isoformat()}}}\n'


def test_a_waiver_lets_one_thing_pass() -> None:
    found = ruling(waiver("PIN-107", "ads.example.org"), WORLD)
    assert named(found.broken) == [("PIN-106", "old.example.com:443")]
    (waived,) = found.waived
    assert (waived.breach.subject, waived.reason, waived.until) == ("ads.example.org:443", "ticket 1", "2026-11-26")
    assert found.sentence == "Policy broken: 1 of 2 checks failed, 1 waived."


@pytest.mark.parametrize(("what", "host"), [("PIN-107", "*.example.com"), ("expect", "ads.example.org")])
def test_a_waiver_reaches_no_further_than_it_says(what: str, host: str) -> None:
    found = ruling(waiver(what, host), WORLD)
    assert len(found.broken) == 2 and not found.waived
    assert found.remarks == (
        f"the waiver of {what} for {host} (policy.yaml:3) waives nothing here; take it out if nothing will come of it",
    )


def test_a_waiver_holds_on_its_last_day_and_not_on_the_next() -> None:
    text = waiver("PIN-107", "*") + "fail_on: [PIN-107]"
    assert ruling(text, WORLD, TODAY).standing is Standing.MET
    late = ruling(text, WORLD, TODAY + timedelta(days=1))
    assert late.standing is Standing.BROKEN and not late.waived
    assert late.remarks == (
        "the waiver of PIN-107 for * (policy.yaml:3) expired on 2026-11-26 and waives nothing any more",
    )


def test_a_newer_waiver_takes_over_from_an_expired_one() -> None:
    entry = "  - {{what: PIN-107, host: '*', reason: r, until: {}}}\n"
    text = "fail_on: [PIN-107]\nwaivers:\n" + entry.format("2020-01-01") + entry.format("2030-01-01")
    found = ruling(text, WORLD)
    assert found.standing is Standing.MET and found.waived[0].until == "2030-01-01" and len(found.remarks) == 1


def test_a_finding_about_the_app_as_a_whole_is_one_breach_that_only_a_waiver_for_all_lets_pass() -> None:
    report = every_declaration()
    (breach,) = ruling("fail_on: [PIN-207]", report).broken
    assert (breach.what, breach.endpoint, breach.subject) == ("PIN-207", None, "*")
    assert ruling(waiver("PIN-207", "*") + "fail_on: [PIN-207]", report).standing is Standing.MET
    assert ruling(waiver("PIN-207", "*.example.com") + "fail_on: [PIN-207]", report).standing is Standing.BROKEN


def test_findings_on_declarations_are_made_anew_from_a_report_that_is_read_back() -> None:
    report = every_declaration()
    asked = policy("fail_on: [note]")
    fresh = judged_by(asked, outline_of(report), TODAY)
    assert fresh == judged_by(asked, outline_by(json.loads(render(report))), TODAY)
    assert {"PIN-103", "PIN-201", "PIN-212"} <= {finding.id for finding in fresh.findings}


def test_what_was_not_seen_can_be_waived_by_its_pattern() -> None:
    asked = "fail_on: []\nexpect: [{host: a.nowhere.example, verdict: pinned}]\ncoverage: [a.nowhere.example]\n"
    entries = [
        f"  - {{what: {what}, host: '*.nowhere.example', reason: r, until: 2030-01-01}}\n"
        for what in ("expect", "coverage")
    ]
    found = ruling(asked + "waivers:\n" + "".join(entries), WORLD)
    assert found.standing is Standing.MET and [one.breach.what for one in found.waived] == ["expect", "coverage"]


# -- nothing observed --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "report", [report_of(), report_of(make.relayed_ok()), report_of(make.quic())], ids=["nothing", "relayed", "QUIC"]
)
@pytest.mark.parametrize(
    "text", ["", "fail_on: []", "coverage: [api.example.com]", "expect: [{host: '*', verdict: any}]"]
)
def test_silence_is_no_pass(report: object, text: str) -> None:
    found = ruling(text, report)  # type: ignore[arg-type]
    assert found.standing is Standing.NOTHING_OBSERVED
    assert "no pass" in found.sentence


# -- whatever the report comes from ------------------------------------------------------------------------------

TEXT = "masvs: L2\nfirst_party: [example.net]\nfail_on: [note]\nexpect: [{host: '*', verdict: pinned}]\n" + waiver(
    "expect", "*"
)


@pytest.mark.parametrize("report", [WORLD, several_runs()], ids=["one run", "several"])
def test_a_report_and_its_file_are_judged_alike(report: object) -> None:
    direct = judged_by(policy(TEXT), outline_of(report), TODAY)  # type: ignore[arg-type]
    assert judged_by(policy(TEXT), outline_by(json.loads(render(report))), TODAY) == direct  # type: ignore[arg-type]
    assert outline_of(ruled(policy(TEXT), report, TODAY)) == direct  # type: ignore[arg-type]


def test_a_recorded_report_is_judged_as_of_its_own_day() -> None:
    found = ruled_when_recorded(policy(TEXT), WORLD).policy
    assert found is not None and found.day == "2023-11-14"
    assert ruled_when_recorded(None, WORLD) is WORLD
