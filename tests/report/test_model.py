"""The one object that every format is rendered from."""

from __future__ import annotations

import pytest
from tests import builders as make
from tests.report.samples import every_reading, every_verdict, report_of, times

from pinprobe.attempts import Outcome
from pinprobe.evidence import evidence_of
from pinprobe.report.model import build_report, matches_any, urgency
from pinprobe.thresholds import EXAMPLES_KEPT
from pinprobe.verdicts import Verdict


def test_rows_come_by_urgency_then_host() -> None:
    report = every_verdict()
    order = [(e.owner.devices_own, urgency(e), e.judgement.endpoint) for e in report.endpoints]
    assert order == sorted(order)
    assert report.endpoints[0].accepts_untrusted


def test_patterns_come_by_frequency_with_a_few_examples() -> None:
    m = make
    endpoint = report_of(*times(2, m.relayed_ok()), *times(9, m.refused_alert()), m.silent()).endpoints[0]
    assert [(p.probe_id, p.outcome, p.count, len(p.examples)) for p in endpoint.patterns] == [
        ("trusted_ca", Outcome.ALERT_DURING_HANDSHAKE, 9, EXAMPLES_KEPT),
        ("relay", Outcome.RELAY_WORKED, 2, 2),
        ("trusted_ca", Outcome.SILENT, 1, 1),
    ]
    assert endpoint.attempts_total == 12


def test_the_real_chain_and_why_a_server_was_not_reached() -> None:
    m = make
    endpoint = report_of(m.accepted(), *times(2, m.upstream_failed(error="no route"))).endpoints[0]
    assert endpoint.server_chain == m.chain() and endpoint.server_chains_seen == 1
    assert endpoint.upstream_errors == (("connect: no route", 2),)


def test_replays_are_read_per_stack() -> None:
    found = {e.judgement.endpoint.host: [r.element.value for r in e.replays] for e in every_reading().endpoints}
    assert found == {
        "login.example.com": ["ca"],
        "pay.example.com": ["leaf"],
        "sdk.example.net": ["none"],
        "video.example.net": ["blind"],
    }
    assert report_of(make.accepted()).endpoints[0].replays == ()


def test_an_attempt_says_which_key_was_shown() -> None:
    endpoint = report_of(make.accepted(), make.relayed_ok()).endpoints[0]
    pins = {p.probe_id: p.examples[0].leaf_pin_sha256 for p in endpoint.patterns}
    assert pins == {"trusted_ca": "zUIraRNo+4JoAYA7ROeWjARtIoN4rIEbCpfCRQT6N6A=", "relay": None}


def test_owner_from_catalog_and_patterns() -> None:
    known = make.host_known("a.example.com", "example.com", category="ads", vendor="Example")
    owner = report_of(known, make.accepted("a.example.com"), first_party=("*.com",)).endpoints[0].owner
    assert (owner.registrable_domain, owner.category, owner.vendor, owner.first_party) == (
        "example.com",
        "ads",
        "Example",
        True,
    )


@pytest.mark.parametrize(
    ("host", "pattern", "matches"),
    [
        ("example.com", "example.com", True),
        ("api.example.com", "example.com", True),
        ("badexample.com", "example.com", False),
        ("api.example.com", "API.Example.com.", True),
        ("api.example.com", "*.example.com", True),
        ("example.com", "*.example.com", False),
        ("api.example.com", "api-*", False),
        ("example.com", "", False),
    ],
)
def test_first_party_patterns(host: str, pattern: str, matches: bool) -> None:
    assert matches_any(host, [pattern]) is matches


def test_only_the_apps_own_endpoints_are_in_its_report() -> None:
    evidence = evidence_of(make.journal(make.accepted(), app_id="a"))
    assert len(build_report(evidence, "a", "").endpoints) == 1
    other = build_report(evidence, "b", "")
    assert other.endpoints == () and other.summary.endpoints == 0


def test_the_summary_counts() -> None:
    summary = every_verdict().summary
    assert summary.endpoints == sum(summary.verdicts.values()) == 13
    assert summary.devices_own == 1
    assert set(summary.verdicts) == set(Verdict)
    assert summary.accepts_untrusted == summary.pinned_unproven == 1


@pytest.mark.parametrize(
    ("connections", "sentence"),
    [
        ([], "No TLS connection reached the proxy. This says nothing about pinning."),
        ([make.accepted()], "1 of 1 endpoint accepts the proxy's certificate."),
        (
            [make.accepted(), make.accepted("b"), make.quic("c")],
            "2 of 3 endpoints accept the proxy's certificate. 1 was not tested.",
        ),
        (
            [*times(2, make.refused_alert()), make.relayed_ok()],
            "1 of 1 endpoint fails hard, by a pin or because the CA is not trusted.",
        ),
        ([make.silent(), make.silent("b")], "2 of 2 endpoints could not be decided."),
        (
            [make.accepted_unknown_ca(), make.accepted("b")],
            "2 of 2 endpoints accept the proxy's certificate. 1 of these accepts even a certificate that nobody should trust.",
        ),
    ],
)
def test_the_sentence_says_what_was_observed(connections: list[make.Events], sentence: str) -> None:
    assert report_of(*connections).summary.sentence == sentence
