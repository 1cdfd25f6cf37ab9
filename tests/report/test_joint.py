"""One report of several sessions."""

from __future__ import annotations

import hashlib

from tests import builders as make
from tests.report.samples import joint_report_of, report_of_events, several_runs, times

from pinprobe.attempts import Outcome
from pinprobe.findings import Level
from pinprobe.report.joint import merged
from pinprobe.report.model import EndpointReport, Report
from pinprobe.runs import Role
from pinprobe.thresholds import EXAMPLES_KEPT


def endpoint(report: Report, host: str) -> EndpointReport:
    return next(
        one
        for one in report.endpoints
        if (one.judgement.endpoint.host, one.judgement.endpoint.transport) == (host, "tcp")
    )


def test_the_four_runs_tell_four_causes() -> None:
    found = {one.judgement.endpoint.host: one.judgement.rule_id for one in several_runs().endpoints if one.patterns}
    assert found == {
        "api.example.com": "distrusts_user_cas",
        "login.example.com": "refused_cause_unproven",
        "web.example.com": "exempts_user_cas",
        "sdk.example.net": "accepts_in_no_store",
    }


def test_the_runs_and_what_each_says() -> None:
    report = several_runs()
    assert [(run.session_id, run.role, run.ca_store) for run in report.runs] == [
        ("run-0", Role.R0, "unknown"),
        ("run-1", Role.R1, "none"),
        ("run-2", Role.R2, "user"),
        ("run-3", Role.R3, "system"),
    ]
    assert sum(run.connections for run in report.runs) == report.summary.connections
    assert sum(report.runs[0].verdicts.values()) == 4
    runs = endpoint(report, "api.example.com").runs
    assert [(one.role, one.verdict.value, one.confidence.value) for one in runs] == [
        (Role.R0, "not_tested", "none"),
        (Role.R1, "pinned", "unproven"),
        (Role.R2, "pinned", "unproven"),
        (Role.R3, "unpinned", "confirmed"),
    ]
    assert all(one.reason and one.label == "1.0" for one in runs)


def test_the_session_is_the_latest() -> None:
    report = several_runs()
    assert report.session.session_id == "run-3" == report.runs[-1].session_id
    assert report.ended_s == report.runs[-1].ended_s


def test_the_digest_is_of_all_journals() -> None:
    digests = "\n".join(sorted(run.journal_sha256 for run in several_runs().runs))
    assert several_runs().journal_sha256 == hashlib.sha256(digests.encode()).hexdigest()


def test_patterns_of_all_runs_are_counted_together() -> None:
    one = endpoint(several_runs(), "login.example.com")
    assert [(p.probe_id, p.outcome, p.count, len(p.examples)) for p in one.patterns] == [
        ("trusted_ca", Outcome.ALERT_DURING_HANDSHAKE, 9, EXAMPLES_KEPT),
        ("relay", Outcome.RELAY_WORKED, 8, EXAMPLES_KEPT),
    ]
    assert one.attempts_total == 17
    assert one.patterns[1].last_s - one.patterns[1].first_s > 3 * 3600


def test_merging_keeps_what_differs_apart() -> None:
    report = report_of_events(make.journal(*times(2, make.refused_alert()), make.refused_alert(alert=48)))
    patterns = report.endpoints[0].patterns
    assert merged(patterns) == patterns
    assert [one.count for one in merged([*patterns, *patterns])] == [4, 2]


def test_what_lies_beside_is_added_up() -> None:
    first = make.journal(make.accepted(), *times(2, make.upstream_failed()), session_id="a")
    second = make.journal(make.upstream_failed(), make.cleartext(port=443), session_id="b", at_s=make.START_S + 60)
    one = joint_report_of(first, second).endpoints[0]
    assert one.upstream_errors == (("connect: connection refused", 3),)
    assert one.cleartext == 1 and one.server_chains_seen == 1 and one.server_chain == make.chain()


def test_warnings_are_said_by_role_and_once() -> None:
    report = several_runs()
    assert all(notice.level is not Level.NOTE for notice in report.notices)
    quic = [notice for notice in report.notices if notice.id == "quic_seen"]
    assert len(quic) == 1 and quic[0].text.startswith("R3 system store: QUIC was let pass")
    alike = [make.journal(*times(2, make.refused_alert()), session_id=name) for name in "ab"]
    texts = [notice.text for notice in joint_report_of(*alike).notices]
    assert texts and len(texts) == len(set(texts))


def test_findings_are_about_the_joint_verdicts() -> None:
    assert {one.id for one in several_runs().findings} >= {"PIN-101"}
