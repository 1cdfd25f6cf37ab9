"""Wrong turns that tools like this one have taken, each by name. Every one of them once gave a wrong verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests import builders as b
from tests.builders import FLUTTER, Events, journal, refused_unknown_ca
from tests.rooms import HOST, judged, said

from pinprobe import events as ev

NO, AFTER, OK = b.refused_alert(), b.pinned_after_handshake(), b.relayed_ok()
CDN = "cdn.example.net"
CANARY = [b.accepted(CDN), *[refused_unknown_ca(CDN)] * 2]
UNPROVEN = ("pinned", "unproven", "refused_cause_unproven")
PROBABLE = ("pinned", "probable", "refused_though_ca_trusted")
SYSTEM = {"ca_store": "system"}


def test_the_right_turn() -> None:
    """Beside a canary of the same stack, alert and app, with the CA in the system store, a refusal is a pin."""
    assert said(judged(journal(NO, NO, OK, *CANARY, **SYSTEM))) == PROBABLE


@pytest.mark.parametrize(
    "under_unknown_ca",
    [
        b.closed_in_handshake(probe_id="unknown_ca"),
        b.pinned_after_handshake(probe_id="unknown_ca"),
        b.silent(probe_id="unknown_ca"),
    ],
    ids=["closes in the handshake", "closes after the handshake", "stays mute"],
)
def test_a_silent_close_is_not_the_refusal_of_an_unknown_ca(under_unknown_ca: Events) -> None:
    """Node and Qt on TLS 1.2 close after the handshake when they merely distrust the CA."""
    events = journal(*[AFTER] * 3, *[OK] * 3, *[under_unknown_ca] * 3, **SYSTEM)
    assert said(judged(events)) == UNPROVEN


def test_a_canary_with_another_alert_vouches_for_nobody() -> None:
    """One BoringSSL used in two ways: 48 by its own store, 46 by a callback. The fingerprint is the same."""
    other = [b.accepted(CDN), *[refused_unknown_ca(CDN, alert=48)] * 2]
    assert said(judged(journal(NO, NO, OK, *other, **SYSTEM))) == UNPROVEN


def test_an_sdk_that_trusts_everything_is_no_canary() -> None:
    everything = [b.accepted(CDN), *[b.accepted_unknown_ca(CDN)] * 2]
    events = journal(NO, NO, OK, *everything, **SYSTEM)
    assert said(judged(events)) == UNPROVEN
    assert said(judged(events, host=CDN)) == ("unpinned", "confirmed", "accepts_untrusted")


def test_a_canary_that_was_never_contrasted_is_none() -> None:
    assert said(judged(journal(NO, NO, OK, *[b.accepted(CDN)] * 5, **SYSTEM))) == UNPROVEN


def test_flutter_beside_okhttp() -> None:
    """Dart brings its own roots: that OkHttp trusts the CA says nothing of it."""
    dart = [*[b.refused_alert(stack=FLUTTER, alert=48)] * 3, b.relayed_ok(stack=FLUTTER)]
    assert said(judged(journal(*dart, *CANARY, **SYSTEM))) == UNPROVEN


def test_flutter_and_okhttp_at_one_host_are_judged_apart() -> None:
    dart = [*[b.refused_alert(stack=FLUTTER, alert=48)] * 3, b.relayed_ok(stack=FLUTTER)]
    judgement = judged(journal(b.accepted(), b.accepted(), *dart, **SYSTEM))
    assert said(judgement) == ("inconclusive", "none", "too_little")
    assert {stack.stack: (stack.verdict.value, stack.confidence.value) for stack in judgement.stacks} == {
        b.CONSCRYPT: ("unpinned", "confirmed"),
        FLUTTER: ("pinned", "unproven"),
    }


def test_a_client_that_never_sends_sni_and_closes() -> None:
    """We serve a certificate for an address; the client wants a name."""
    close, ok = b.pinned_after_handshake(sni=False), b.relayed_ok(sni=False)
    checked = [b.refused_alert(sni=False, probe_id="unknown_ca")] * 2
    assert said(judged(journal(*[close] * 4, ok, *checked, **SYSTEM))) == ("inconclusive", "none", "confounded")


def test_a_client_that_never_sends_sni_and_refuses_by_alert() -> None:
    alert, ok = b.refused_alert(sni=False), b.relayed_ok(sni=False)
    assert said(judged(journal(alert, alert, ok, *CANARY, **SYSTEM))) == PROBABLE


def test_a_client_that_never_sends_sni_and_is_decrypted() -> None:
    """Its idle connections, closed without data, are neutral."""
    seen, close = b.accepted(sni=False), b.pinned_after_handshake(sni=False)
    assert said(judged(journal(seen, close, seen, close, **SYSTEM))) == ("unpinned", "confirmed", "decrypted")


@pytest.mark.parametrize("how", [{"names_missing": True}, {"mutual_tls": True}])
def test_a_wrong_name_or_a_client_certificate_is_no_pin(how: dict[str, Any]) -> None:
    close = b.pinned_after_handshake(**how)
    checked = [b.refused_alert(probe_id="unknown_ca")] * 2
    assert said(judged(journal(*[close] * 4, OK, *checked, **SYSTEM))) == ("inconclusive", "none", "confounded")


def test_another_tls_version_than_the_servers_is_no_pin() -> None:
    old = [replace(e, tls_version="TLSv1.2") if isinstance(e, ev.ServerChainSeen) else e for e in AFTER]
    checked = [b.refused_alert(probe_id="unknown_ca")] * 2
    assert said(judged(journal(*[old] * 4, OK, *checked))) == ("inconclusive", "none", "confounded")


def test_a_resumed_session_under_unknown_ca_shows_no_certificate() -> None:
    resumed = b.resumed(probe_id="unknown_ca")
    data = ev.ApplicationDataSeen(at_s=0.064, connection_id=0, protocol="h2", preface_only=False)
    talking = [*resumed[:-1], data, resumed[-1]]
    assert said(judged(journal(b.accepted(), *[talking] * 3, **SYSTEM))) == ("unpinned", "confirmed", "decrypted")
    assert said(judged(journal(*[AFTER] * 3, *[OK] * 3, *[resumed] * 3))) == UNPROVEN


def test_a_resumed_session_makes_no_canary() -> None:
    canary = [b.resumed(CDN), *[refused_unknown_ca(CDN)] * 2]
    assert said(judged(journal(NO, NO, OK, *canary, **SYSTEM))) == UNPROVEN


@pytest.mark.parametrize("category", ["os", "google-play-services", "browser"])
def test_the_systems_hosts_are_nobodys_canary(category: str) -> None:
    """They are another program's, and system programs may trust otherwise than the app."""
    known = b.host_known(CDN, "example.net", category=category)
    assert said(judged(journal(known, NO, NO, OK, *CANARY, **SYSTEM))) == UNPROVEN


def test_certificate_unknown_does_not_mean_pinned() -> None:
    """Conscrypt answers 46 to a pin, to an unknown CA and to a failed CT check alike."""
    assert said(judged(journal(*[NO] * 20, *[OK] * 20, ca_store="user"))) == UNPROVEN


def test_the_system_store_alone_proves_nothing() -> None:
    """A stack may bring its own roots."""
    assert said(judged(journal(*[NO] * 20, *[OK] * 20, **SYSTEM))) == UNPROVEN


def test_a_pin_that_is_wrong_for_everybody() -> None:
    """The control fails with the same signature: the app is broken without us."""
    events = journal(*[NO] * 6, *[b.relayed_failed()] * 6, *CANARY, **SYSTEM)
    assert said(judged(events)) == ("inconclusive", "none", "confounded")


def test_a_slow_origin_and_an_impatient_client() -> None:
    gone = b.closed_before_certificate()
    assert said(judged(journal(*[gone] * 20, OK))) == ("inconclusive", "none", "too_little")


def test_a_lost_network() -> None:
    """Closes without alert in the handshake, in one burst, beside controls that worked."""
    burst = journal(*[b.closed_in_handshake()] * 12, *[OK] * 6, every_s=0.2)
    assert said(judged(burst)) == ("inconclusive", "none", "too_little")


@pytest.mark.parametrize("closes", [1, 2])
def test_a_network_that_resets_connections_after_their_handshake(closes: int) -> None:
    """So few, beside as few relayed ones that it spared, are an accident and no pin."""
    checked = [b.refused_alert(probe_id="unknown_ca")] * 2
    assert said(judged(journal(*[AFTER] * closes, OK, *checked, **SYSTEM))) == ("inconclusive", "none", "too_little")


def test_spare_sockets_of_a_page_that_is_read() -> None:
    """Chromium opens four sockets and uses two."""
    page: Events = []
    for number in range(6):
        page += b.placed(b.accepted(), 10 * number + 1, b.START_S + 20 * number)
        page += b.placed(AFTER, 10 * number + 2, b.START_S + 20 * number + 0.01)
        page += b.placed(AFTER, 10 * number + 3, b.START_S + 20 * number + 0.5)
    assert said(judged([b.session(**SYSTEM), *page])) == ("unpinned", "confirmed", "decrypted")


def test_user_canceled_is_a_close() -> None:
    """JSSE sends it before close_notify, in and after the handshake; no alert of a pin."""
    canceled = [*AFTER[:-1], b.alert(0.0605, 90, after_established=True), b.closed(0.071)]
    checked = [b.refused_alert(probe_id="unknown_ca")] * 2
    events = journal(*[canceled] * 3, *[OK] * 3, *checked)
    assert said(judged(events)) == ("pinned", "probable", "refused_after_trust")


def test_no_hook_fired_but_it_is_a_refusal() -> None:
    """OkHttp's CertificatePinner completes the handshake; counting handshakes as success calls it unpinned."""
    assert judged(journal(*[AFTER] * 3, *[OK] * 3)).verdict.value == "pinned"


def test_alerts_about_something_else() -> None:
    for number in (40, 51, 70, 80, 112, 120):
        events = journal(*[b.refused_alert(alert=number)] * 8, *[OK] * 3, **SYSTEM)
        assert said(judged(events)) == ("inconclusive", "none", "too_little")


def test_the_proxys_own_failures_are_nobodys_refusal() -> None:
    events = journal(*[b.proxy_error()] * 8, *[b.upstream_failed()] * 8, OK, **SYSTEM)
    assert said(judged(events)) == ("inconclusive", "none", "too_little")


def test_an_untrusted_server_does_not_hide_that_the_client_accepted_us() -> None:
    """mitmproxy answers 502 itself; the request was read all the same."""
    failed = ev.ServerFailed(at_s=0.031, connection_id=0, host=HOST, port=443, stage="tls", error="expired")
    start, rest = b.began(server=False), b.accepted()[len(b.began()) :]
    read = [*start[:2], failed, *start[2:], *rest]
    assert said(judged(journal(read, read, **SYSTEM))) == ("unpinned", "confirmed", "decrypted")


def test_a_request_that_came_over_anothers_connection() -> None:
    """HTTP/2 coalescing: its content was readable, its own certificate check was never seen."""
    judgement = judged(journal(b.accepted("front.example.com", authority=HOST)))
    assert said(judgement) == ("not_tested", "none", "not_tested")
    assert "front.example.com" in judgement.reason
