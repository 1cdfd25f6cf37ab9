"""From evidence to a verdict: every row that today's signals can reach, and the fold of an endpoint's stacks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests import builders as b
from tests.builders import FLUTTER, Events, journal
from tests.rooms import HOST, all_judged, judged, said

from pinprobe import events as ev
from pinprobe.evidence import EndpointEvidence, Evidence
from pinprobe.signals import peers_of
from pinprobe.verdicts import RULES, judge

YES, NO, AFTER, OK, BAD = (
    b.accepted(),
    b.refused_alert(),
    b.pinned_after_handshake(),
    b.relayed_ok(),
    b.relayed_failed(),
)
AFTERWARDS = [*[AFTER] * 3, *[OK] * 3]
"""As many as it takes until no network explains them."""
CDN = "cdn.example.net"
CANARY = [b.accepted(CDN), *[b.refused_unknown_ca(CDN)] * 2]
CHECKED = [b.refused_alert(probe_id="unknown_ca")] * 2
DELAYED_FAILS = [
    replace(event, probe_id="relay_delayed") if isinstance(event, ev.ProbeApplied) else event for event in BAD
]
SYSTEM = {"ca_store": "system"}
USER = {"ca_store": "user"}
BOTH = ("system", "user")

ROWS: dict[str, tuple[Events, tuple[str, str, str]]] = {
    "no validation": (
        journal(YES, b.accepted_unknown_ca(HOST)),
        ("unpinned", "confirmed", "accepts_untrusted"),
    ),
    "the control fails as well": (journal(NO, NO, BAD, BAD), ("inconclusive", "none", "confounded")),
    "mutual TLS": (
        journal(*[b.pinned_after_handshake(mutual_tls=True)] * 3, OK),
        ("inconclusive", "none", "confounded"),
    ),
    "mixed": (journal(NO, YES, NO, YES, OK), ("suspicious", "probable", "degraded")),
    "mixed, often": (journal(*[NO, YES] * 3, OK), ("suspicious", "confirmed", "degraded")),
    "cleartext": (
        journal(*[NO, b.cleartext()] * 2, *[OK] * 7),
        ("suspicious", "probable", "degraded"),
    ),
    "mute": (journal(*[b.silent()] * 3, *[OK] * 3, every_s=5.0), ("suspicious", "confirmed", "degraded")),
    "mute, in one moment": (journal(*[b.silent()] * 3, *[OK] * 3), ("inconclusive", "none", "too_little")),
    "decrypted": (journal(YES, YES, **USER), ("unpinned", "probable", "decrypted")),
    "decrypted, system store": (journal(YES, YES, **SYSTEM), ("unpinned", "confirmed", "decrypted")),
    "decrypted once, system store": (journal(b.accepted(requests=1), **SYSTEM), ("unpinned", "probable", "decrypted")),
    "a pin after the handshake": (
        journal(*AFTERWARDS, *CHECKED),
        ("pinned", "probable", "refused_after_trust"),
    ),
    "closes after the handshake, as a network makes them": (
        journal(AFTER, AFTER, OK, *CHECKED, **SYSTEM),
        ("inconclusive", "none", "too_little"),
    ),
    "a pin in the handshake": (
        journal(NO, NO, OK, *CANARY, **SYSTEM),
        ("pinned", "probable", "refused_though_ca_trusted"),
    ),
    "the same, user store": (journal(NO, NO, OK, *CANARY, **USER), ("pinned", "unproven", "refused_cause_unproven")),
    "the same, no canary": (journal(NO, NO, OK, **SYSTEM), ("pinned", "unproven", "refused_cause_unproven")),
    "after the handshake, chain check unknown": (
        journal(*AFTERWARDS, **SYSTEM),
        ("pinned", "unproven", "refused_cause_unproven"),
    ),
    "closes without alert": (
        journal(*[b.closed_in_handshake()] * 5, *[OK] * 5, every_s=5.0),
        ("pinned", "unproven", "refused_cause_unproven"),
    ),
    "a pin that appended certificates deceive": (
        journal(NO, NO, OK, b.accepted(probe_id="stuffed_chain")),
        ("pinned", "confirmed", "bypassable_pin"),
    ),
    "only the date is wrong with our expired certificate": (
        journal(
            *[b.refused_alert(alert=48)] * 2,
            OK,
            *[b.refused_alert(alert=45, probe_id="expired")] * 2,
            *[b.refused_alert(alert=48, probe_id="expired_unknown_ca")] * 2,
        ),
        ("pinned", "probable", "refused_though_ca_proven"),
    ),
    "a self-signed certificate": (
        journal(YES, b.accepted(probe_id="self_signed")),
        ("unpinned", "confirmed", "accepts_untrusted"),
    ),
    "a copy of the genuine leaf passes": (
        journal(NO, NO, OK, b.accepted(probe_id="mimic_genuine")),
        ("inconclusive", "none", "confounded"),
    ),
    "fails when merely delayed": (
        journal(
            *[b.closed_in_handshake()] * 5,
            *[OK] * 5,
            *[DELAYED_FAILS] * 2,
            every_s=5.0,
        ),
        ("inconclusive", "none", "confounded"),
    ),
    "the app's log names the pin": (
        journal(*[NO, b.log_line("pin", HOST)] * 2, OK, **USER),
        ("pinned", "confirmed", "diagnosed"),
    ),
    "the app's log names distrust, though the same stack trusts the CA": (
        journal(*[NO, b.log_line("distrust")] * 2, OK, *CANARY, **SYSTEM),
        ("inconclusive", "none", "diagnostic_other_cause"),
    ),
    "the configuration does not trust user-added CAs": (
        journal(b.package(), b.declares(), NO, NO, OK, **USER),
        ("inconclusive", "none", "distrust_expected"),
    ),
    "the same, though it declares a pin": (
        journal(b.package(), b.declares(HOST, b.LEAF_PIN), NO, NO, OK, **USER),
        ("inconclusive", "none", "distrust_expected"),
    ),
    "the same, though a pin of the leaf is in its code": (
        journal(b.package(code_pins=(b.code_pin(),)), b.declares(), NO, NO, OK, **USER),
        ("inconclusive", "none", "distrust_expected"),
    ),
    "the same, and the same stack accepts elsewhere by other means": (
        journal(b.package(), b.declares(), b.declares(CDN), NO, NO, OK, *CANARY, **USER),
        ("inconclusive", "none", "distrust_expected"),
    ),
    "the same, refused after the handshake": (
        journal(b.package(), b.declares(), *AFTERWARDS, *CHECKED, **USER),
        ("pinned", "probable", "refused_after_trust"),
    ),
    "the same, closed without alert": (
        journal(b.package(), b.declares(), *[b.closed_in_handshake()] * 6, *[OK] * 6, every_s=5.0, **USER),
        ("pinned", "unproven", "refused_cause_unproven"),
    ),
    "the same, in the system store": (
        journal(b.package(), b.declares(), NO, NO, OK, *CANARY, **SYSTEM),
        ("pinned", "probable", "refused_though_ca_trusted"),
    ),
    "the same anchors as a canary": (
        journal(b.package(), b.declares(anchors=BOTH), b.declares(CDN, anchors=BOTH), NO, NO, OK, *CANARY),
        ("pinned", "probable", "refused_though_same_anchors"),
    ),
    "the same anchors, and a declared pin": (
        journal(
            b.package(), b.declares(HOST, b.CA_PIN, anchors=BOTH), b.declares(CDN, anchors=BOTH), NO, NO, OK, *CANARY
        ),
        ("pinned", "confirmed", "refused_though_same_anchors"),
    ),
    "the same anchors, a pin, and a debuggable build": (
        journal(
            b.package(debuggable=True),
            b.declares(HOST, b.CA_PIN, anchors=BOTH),
            b.declares(CDN, anchors=BOTH),
            *(NO, NO, OK, *CANARY),
        ),
        ("pinned", "probable", "refused_though_same_anchors"),
    ),
    "a declared pin, and the system store": (
        journal(b.package(), b.declares(HOST, b.CA_PIN), NO, NO, OK, *CANARY, **SYSTEM),
        ("pinned", "confirmed", "refused_though_ca_trusted"),
    ),
    "a declared pin that is expired": (
        journal(b.package(), b.declares(HOST, b.CA_PIN, expires_s=0.0), NO, NO, OK, *CANARY, **SYSTEM),
        ("pinned", "probable", "refused_though_ca_trusted"),
    ),
    "the leaf's pin in the code, after the handshake": (
        journal(b.package(code_pins=(b.code_pin(),)), *AFTERWARDS, *CHECKED),
        ("pinned", "confirmed", "refused_after_trust"),
    ),
    "a pin of the configuration, after the handshake": (
        journal(b.package(), b.declares(HOST, b.LEAF_PIN, anchors=BOTH), *AFTERWARDS, *CHECKED, **USER),
        ("pinned", "probable", "refused_after_trust"),
    ),
    "declared and not enforced": (
        journal(b.package(), b.declares(HOST, b.LEAF_PIN), YES, YES, **SYSTEM),
        ("suspicious", "confirmed", "degraded"),
    ),
    "nothing but declarations": (
        journal(b.package(), b.declares(HOST, b.LEAF_PIN), OK, **SYSTEM),
        ("not_tested", "none", "not_tested"),
    ),
    "no control yet": (journal(NO, NO, *CANARY, **SYSTEM), ("inconclusive", "none", "too_little")),
    "refused once": (journal(NO, OK), ("inconclusive", "none", "too_little")),
    "refused once beside accepts": (journal(NO, YES, YES, OK), ("inconclusive", "none", "too_little")),
    "silence": (journal(b.silent()), ("inconclusive", "none", "too_little")),
    "left early": (journal(*[b.closed_before_certificate()] * 5, OK), ("inconclusive", "none", "too_little")),
    "server down": (journal(*[b.upstream_failed()] * 5), ("inconclusive", "none", "too_little")),
    "half a request": (journal(b.accepted(requests=0)), ("inconclusive", "none", "too_little")),
    "relayed only": (journal(OK, OK), ("not_tested", "none", "not_tested")),
}


@pytest.mark.parametrize(("events", "expected"), ROWS.values(), ids=ROWS.keys())
def test_rows(events: Events, expected: tuple[str, str, str]) -> None:
    assert said(judged(events)) == expected


def test_every_row_that_can_be_reached_is() -> None:
    """The others rest on probes that have tests of their own."""
    reached = {rule_id for _, (_, _, rule_id) in ROWS.values()}
    replayed = {"replay_pinned", "distrusts_ca_only"}
    assert reached | replayed == {rule.id for rule in RULES}
    assert not reached & replayed


def test_a_spare_endpoint_without_any_attempt() -> None:
    for events, why in (
        (journal(b.quic(HOST)), "QUIC"),
        (journal(b.cleartext(port=443)), "cleartext"),
        (journal(b.accepted("front.example.com", authority=HOST)), "front.example.com"),
    ):
        judgement = next(one for one in all_judged(events) if one.endpoint.host == HOST)
        assert said(judgement) == ("not_tested", "none", "not_tested")
        assert why in judgement.reason


def test_no_evidence_at_all() -> None:
    evidence = Evidence()
    about = EndpointEvidence(endpoint=judged(journal(OK)).endpoint)
    assert said(judge(evidence, about, peers_of(evidence))) == ("not_tested", "none", "not_tested")


F_YES, F_NO, F_OK = b.accepted(stack=FLUTTER), b.refused_alert(stack=FLUTTER), b.relayed_ok(stack=FLUTTER)
F_UNTRUSTED = b.accepted_unknown_ca(HOST, stack=FLUTTER)

FOLDS: dict[str, tuple[Events, tuple[str, str, str]]] = {
    "both decrypted": (journal(YES, F_YES, **SYSTEM), ("unpinned", "confirmed", "decrypted")),
    "both decrypted, one of them once": (
        journal(YES, b.accepted(stack=FLUTTER, requests=1), **SYSTEM),
        ("unpinned", "probable", "decrypted"),
    ),
    "one only relayed": (journal(YES, YES, F_OK, **SYSTEM), ("unpinned", "confirmed", "decrypted")),
    "one only neutral": (
        journal(YES, YES, b.closed_before_certificate(stack=FLUTTER), **SYSTEM),
        ("unpinned", "confirmed", "decrypted"),
    ),
    "one decrypted, one sent half a request": (
        journal(YES, YES, b.accepted(stack=FLUTTER, requests=0), **SYSTEM),
        ("unpinned", "confirmed", "decrypted"),
    ),
    "both refuse": (journal(NO, NO, OK, F_NO, F_NO, F_OK), ("pinned", "unproven", "refused_cause_unproven")),
    "one proven, one not": (
        journal(NO, NO, OK, *CANARY, F_NO, F_NO, F_OK, **SYSTEM),
        ("pinned", "unproven", "refused_cause_unproven"),
    ),
    "one pinned, one decrypted": (journal(F_YES, F_YES, NO, NO, OK, *CANARY), ("suspicious", "probable", "degraded")),
    "one pinned, then the other decrypted": (
        journal(*[NO] * 3, OK, F_YES, F_YES, F_YES, *CANARY),
        ("suspicious", "confirmed", "degraded"),
    ),
    "one pinned, or without the CA, and one decrypted": (
        journal(F_YES, F_YES, NO, NO, OK),
        ("inconclusive", "none", "too_little"),
    ),
    "one decrypted, one refused once": (journal(YES, YES, F_NO), ("inconclusive", "none", "too_little")),
    "one pinned, one decrypted and refused once": (
        journal(NO, NO, OK, F_YES, F_NO),
        ("inconclusive", "none", "too_little"),
    ),
    "one trusts everything": (
        journal(NO, NO, OK, F_UNTRUSTED),
        ("unpinned", "confirmed", "accepts_untrusted"),
    ),
    "both only relayed": (journal(OK, F_OK), ("not_tested", "none", "not_tested")),
    "one relayed, one neutral": (journal(OK, b.silent(stack=FLUTTER)), ("inconclusive", "none", "too_little")),
    "one pinned, one confounded": (
        journal(NO, NO, OK, *[b.pinned_after_handshake(stack=FLUTTER, sni=False)] * 3, F_OK),
        ("pinned", "unproven", "refused_cause_unproven"),
    ),
}


@pytest.mark.parametrize(("events", "expected"), FOLDS.values(), ids=FOLDS.keys())
def test_stacks_are_folded(events: Events, expected: tuple[str, str, str]) -> None:
    assert said(judged(events)) == expected


def test_the_fold_names_its_stacks() -> None:
    judgement = judged(journal(F_YES, F_YES, NO, NO, OK, *CANARY))
    assert {(one.stack, one.verdict.value) for one in judgement.stacks} == {
        (FLUTTER, "unpinned"),
        (b.CONSCRYPT, "suspicious"),
    }
    assert "one of 2 TLS stacks" in judgement.reason


def test_ports_and_transports_are_endpoints_of_their_own() -> None:
    verdicts = {
        (one.endpoint.port, one.endpoint.transport): one.verdict.value
        for one in all_judged(
            journal(YES, YES, *[b.refused_alert(port=8443)] * 2, b.relayed_ok(port=8443), b.quic(HOST))
        )
    }
    assert verdicts == {(443, "tcp"): "unpinned", (8443, "tcp"): "pinned", (443, "udp"): "not_tested"}
