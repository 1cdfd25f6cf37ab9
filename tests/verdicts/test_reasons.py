"""The sentence behind a verdict, and what would settle the rest."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import Events, journal
from tests.rooms import HOST, judged

from pinprobe.verdicts import RULES
from pinprobe.verdicts.reasons import _REASONS, RELEASE_BUILD

YES, NO, AFTER, OK = b.accepted(), b.refused_alert(), b.pinned_after_handshake(), b.relayed_ok()
CDN = "cdn.example.net"
CANARY = [b.accepted(CDN), *[b.refused_unknown_ca(CDN)] * 2]
CHECKED = [b.refused_alert(probe_id="unknown_ca")] * 2

SENTENCES: dict[str, tuple[Events, str]] = {
    "decrypted": (journal(YES, YES), "4 requests decrypted on 2 connections, none refused"),
    "accepts untrusted": (
        journal(b.accepted_unknown_ca(HOST), b.refused_unknown_ca(HOST)),
        "sent data under a CA that nobody trusts (1 of 2)",
    ),
    "unproven": (
        journal(NO, NO, NO, OK),
        "refused 3 of 3, alert certificate_unknown (46); control worked 1 of 1: a pin, or the CA is not trusted",
    ),
    "several alerts": (
        journal(NO, b.refused_alert(alert=48), OK),
        "refused 2 of 2, several alerts; control worked 1 of 1: a pin, or the CA is not trusted",
    ),
    "after trust": (
        journal(*[AFTER] * 3, *[OK] * 3, *CHECKED),
        "refused 3 of 3, after the handshake; an unknown CA fails inside it 2 of 2; control worked 3 of 3",
    ),
    "though trusted": (
        journal(NO, NO, OK, *CANARY, ca_store="system"),
        "refused 2 of 2, alert certificate_unknown (46); same stack trusts the CA at cdn.example.net; "
        "control worked 1 of 1",
    ),
    "confounded by the control": (
        journal(NO, NO, b.relayed_failed(), b.relayed_failed()),
        "refused 2 of 2, alert certificate_unknown (46); the control failed too, 2 of 2",
    ),
    "confounded by names": (
        journal(*[b.pinned_after_handshake(sni=False)] * 2, OK),
        "refused 2 of 2, after the handshake; name doubt may explain it",
    ),
    "no control": (journal(NO, NO), "refused 2 of 2, alert certificate_unknown (46); no control yet"),
    "as a network does": (
        journal(AFTER, AFTER, OK),
        "refused 2 of 2, after the handshake: 2 without alert, 1 of 1 relayed that worked: too few to exclude the network",
    ),
    "too few of each": (journal(NO, YES), "accepted 1 and refused 1: too few to tell a rule from an accident"),
    "half a request": (journal(b.accepted(requests=0)), "1 connection carried bytes, but no whole request"),
    "neutral": (
        journal(b.silent(), b.silent(), b.refused_alert(alert=70)),
        "alert protocol_version (70), not about the certificate (1×); connected and stayed silent (2×): "
        "says nothing about a pin",
    ),
    "relayed, and no server": (
        journal(*[[*b.began(probe_id="relay"), b.upstream_failed()[-3], b.closed()]] * 2),
        "the real server could not be reached",
    ),
    "the device's own": (
        journal(OK, b.marked("test"), phase="idle"),
        "the device's own: seen only while the app was not running",
    ),
    "unreached in the test": (
        journal(*[OK] * 9, b.marked("test"), *[b.accepted("cdn.example.net")] * 9, phase="control", every_s=4.0),
        "unreached in the test: 9 in 40 s of control, 0 in 37 s of test",
    ),
    "too short a test to call it unreached": (
        journal(*[OK] * 9, b.marked("test"), b.accepted("cdn.example.net"), phase="control", every_s=4.0),
        "only relayed, control worked 9 of 9",
    ),
    "with a word on what it did besides": (
        journal(*[NO, b.accepted("other.example.org", requests=1)] * 3, *[OK] * 9),
        "refused 3 of 3, alert certificate_unknown (46); control worked 9 of 9: a pin, or the CA is not trusted; "
        "then turned to other.example.org:443 962 ms later",
    ),
    "readable over another host's connection": (
        journal(NO, NO, OK, b.accepted("front.example.com", authority=HOST, requests=3)),
        "refused 2 of 2, alert certificate_unknown (46); control worked 1 of 1: a pin, or the CA is not trusted; "
        "yet 3 requests for it decrypted over front.example.com",
    ),
    "readable over another host's connection, once": (
        journal(*[AFTER] * 3, *[OK] * 3, *CHECKED, b.accepted("front.example.com", authority=HOST, requests=1)),
        "refused 3 of 3, after the handshake; an unknown CA fails inside it 2 of 2; control worked 3 of 3; "
        "yet 1 request for it decrypted over front.example.com",
    ),
    "readable over another host's connection, and here": (
        journal(YES, YES, b.accepted("front.example.com", authority=HOST, requests=3)),
        "4 requests decrypted on 2 connections, none refused",
    ),
    "refused now and then, and readable over another host's connection": (
        journal(NO, YES, NO, YES, b.accepted("front.example.com", authority=HOST)),
        "refused 2 of 4 and accepted 2, in no order",
    ),
    "relayed, and readable over another host's connection": (
        journal(OK, OK, b.accepted("front.example.com", authority=HOST)),
        "only relayed, control worked 2 of 2",
    ),
    "with a word on what it did besides, and readable over another host's connection": (
        journal(
            *[NO, b.accepted("other.example.org", requests=1)] * 3,
            *[OK] * 9,
            b.accepted("front.example.com", authority=HOST),
        ),
        "refused 3 of 3, alert certificate_unknown (46); control worked 9 of 9: a pin, or the CA is not trusted; "
        "then turned to other.example.org:443 962 ms later; yet 2 requests for it decrypted over front.example.com",
    ),
    "relayed": (journal(OK, b.relayed_failed(), OK), "only relayed, control worked 2 of 3"),
}


@pytest.mark.parametrize(("events", "sentence"), SENTENCES.values(), ids=SENTENCES.keys())
def test_sentences(events: Events, sentence: str) -> None:
    assert judged(events).reason == sentence


def test_sentences_belong_to_rules_that_exist() -> None:
    assert _REASONS.keys() <= {rule.id for rule in RULES}


MISSING: dict[str, tuple[Events, tuple[str, ...]]] = {
    "a pin in the handshake, unproven": (journal(NO, NO, OK), ("system store", "another host", "reference host")),
    "the store is known, no canary": (journal(NO, NO, OK, ca_store="system"), ("another host", "reference host")),
    "a canary, and a user store": (journal(NO, NO, OK, *CANARY, ca_store="user"), ("system store", "reference host")),
    "a proven one": (journal(NO, NO, OK, *CANARY, ca_store="system"), ("Certificate Transparency", "own roots")),
    "decrypted": (journal(YES, YES), ("system store",)),
    "decrypted once": (journal(b.accepted(requests=1), ca_store="system"), ("one exchange only",)),
    "decrypted, nothing open": (journal(YES, YES, ca_store="system"), ()),
}


@pytest.mark.parametrize(("events", "steps"), MISSING.values(), ids=MISSING.keys())
def test_what_would_settle_the_rest(events: Events, steps: tuple[str, ...]) -> None:
    missing = judged(events).missing
    assert len(missing) == len(steps)
    assert all(step in text for step, text in zip(steps, missing, strict=True))


def test_nothing_is_missing_where_the_cause_is_proven() -> None:
    facts = (b.package(), b.declares(HOST, b.CA_PIN))
    refused = (b.refused_alert(), b.refused_alert(), b.relayed_ok())
    canary = (b.accepted("cdn.example.net"), *[b.refused_unknown_ca("cdn.example.net")] * 2)
    assert not judged(b.journal(*facts, *refused, *canary, ca_store="system")).missing
    assert judged(b.journal(*refused, *canary, ca_store="system")).missing


def test_a_debuggable_build_is_told_beside_what_it_caps() -> None:
    debuggable = b.package(debuggable=True)
    accepted = judged(b.journal(debuggable, b.accepted(), ca_store="system"))
    assert accepted.missing == (RELEASE_BUILD,)
    refused = judged(b.journal(debuggable, b.refused_alert(), b.refused_alert(), b.relayed_ok()))
    assert refused.confidence.value == "unproven" and RELEASE_BUILD not in refused.missing
