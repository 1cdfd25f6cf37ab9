"""What well-behaved apps and devices do, as whole journals: no degradation is present at any endpoint and stack.

Over 300 lines, since it is one table: whoever changes a signal should find every innocent case in one place.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from tests import builders as b
from tests.builders import CONSCRYPT, FLUTTER, Events, closed, inside
from tests.rooms import HOST
from tests.rounds import Part, rounds, story, times, told

from pinprobe import events as ev
from pinprobe.evidence import evidence_of
from pinprobe.signals import SIGNALS, Asked, Kind, State, peers_of, read

NO, AFTER, OK, YES = b.refused_alert(), b.pinned_after_handshake(), b.relayed_ok(), b.accepted()
BARE, BROKEN, UNCLEAR = b.closed_in_handshake(), b.relayed_failed(), b.relayed_ok(worked=None)
THERE = "cdn.example.net"
PINNED = (*times(3, NO), *times(6, OK))
"""An experiment on a pinned endpoint: refused rounds, and relayed ones."""
DECLARED = (b.package(), b.declares(HOST, b.LEAF_PIN))
"""The package declares a pin."""
UNUSED = {card.id for card in SIGNALS if card.kind is Kind.EVIDENCE} | {"public_key_pins_header", "expect_ct_header"}


def present(events: Events) -> list[tuple[str, int, str, str]]:
    """Every degradation, with the endpoint and stack where it is."""
    evidence = evidence_of(events)
    peers = peers_of(evidence)
    return [
        (where.host, where.port, name, signal.id)
        for where, about in evidence.endpoints.items()
        for name, stack in about.stacks.items()
        for signal in read(Asked(evidence=evidence, endpoint=about, stack=stack, peers=peers)).values()
        if signal.id not in UNUSED and signal.state is State.PRESENT
    ]


def beside_refusals(*connections: Events) -> Events:
    """These come after each refusal of a pinned endpoint, and after no control."""
    return told(*times(3, NO, *connections), *times(6, OK))


def phased(phase: str, before: list[Part], *test: Sequence[Events], marked_s: float = 100.0) -> Events:
    """A session that begins so, and its test."""
    return story(*before, (marked_s, b.marked(ev.TEST)), *rounds(*test, start_s=marked_s + 20), phase=phase)


def every(number: int, connection: Events, every_s: float = 10.0, start_s: float = 1.0) -> list[Part]:
    return [(start_s + every_s * at, connection) for at in range(number)]


SPARED = [(500.0 + 5.0 * number, b.relayed_ok()) for number in range(30)]
"""Relayed connections that work, so many that the network cannot have closed the others."""


def empty_for(open_s: float) -> Events:
    return [*b.began(), b.established(), closed(open_s)]


def load(at_s: float) -> list[Part]:
    """A page: three sockets at once, of which the last carries the data."""
    return [(at_s, empty_for(0.9)), (at_s + 0.05, empty_for(0.9)), (at_s + 0.1, YES)]


def push(host: str, port: int) -> list[Events]:
    return [b.accepted(host, port=port), b.relayed_ok(host, port=port)]


def once(lasts_s: float = 0.9, *, answered: bool = True) -> Events:
    """One request, and the client closes the connection after so long."""
    return [*b.accepted(requests=1)[:-1], *([b.answered(200)] if answered else []), closed(lasts_s, requests=1)]


def long(host: str = HOST) -> Events:
    return [*b.relayed_ok(host)[:-1], closed(60.0, client_bytes=9000)]


def by_turns(*connections: Events) -> list[Sequence[Events]]:
    """A pinned endpoint in the test: refused and relayed in turns, and these come twice after a refusal."""
    return [(NO, *connections), (OK,), (NO,), (OK,), (NO, *connections), (OK,)]


def later_named(app_id: str, connection: Events) -> Events:
    """The connection, which is known to be this app's once its first facts are told."""
    named = ev.AppAttributed(at_s=connection[1].at_s, connection_id=0, app_id=app_id, source_id="test")
    return [*connection[:2], named, *connection[2:]]


ERROR = inside(b.accepted(requests=1), b.answered(403))
LONG = long()
CANARY = (b.accepted(THERE), *[b.refused_unknown_ca(THERE)] * 3)
OTHER_OK, OTHER_YES = b.relayed_ok(stack=FLUTTER), b.accepted(stack=FLUTTER)

INNOCENT: dict[str, Events] = {
    # declared_but_not_enforced
    "a pin that is declared and enforced": told(DECLARED, *PINNED),
    "a pin of the proxy's own CA": told(
        (b.package(), b.declares(HOST, b.LEAF_PIN, b.session().ca_pin_sha256)), *times(9, YES), (OK,)
    ),
    "a pin for another host": told((b.package(), b.declares(), b.declares(THERE, b.LEAF_PIN)), *times(9, YES), (OK,)),
    "a pin in the code, which may be unused": told(
        (b.package(code_pins=(b.code_pin(),)), b.declares()), *times(9, YES), (OK,)
    ),
    "a declared pin, and a program of the system at the same host": told(
        (*DECLARED, b.host_known(HOST, HOST, category="os")), *times(9, YES), (OK,)
    ),
    "a declared pin, and requests over another host's connection": told(
        DECLARED, *PINNED, *times(3, b.accepted(THERE, authority=HOST)), (OK,)
    ),
    # -- pinned, and nothing else
    "pinned in the handshake": told(*PINNED),
    "pinned after it": told(*times(3, AFTER), *times(6, OK)),
    "unpinned": told(*times(9, YES), (OK,)),
    "pinned, with all contrasts": told(
        *PINNED, *times(2, b.refused_alert(probe_id="unknown_ca")), *times(2, b.replayed())
    ),
    # -- cleartext that nobody's pin has to do with
    "a check of certificates": beside_refusals(b.cleartext("ocsp.example.org", purpose=ev.REVOCATION)),
    "a check of certificates within the domain": beside_refusals(b.cleartext(purpose=ev.REVOCATION)),
    "a look for a captive portal": beside_refusals(b.cleartext("portal.example.org", purpose=ev.CONNECTIVITY)),
    "a look for a captive portal within the domain": beside_refusals(b.cleartext(purpose=ev.CONNECTIVITY)),
    "cleartext that the app uses anyway": told(*times(3, NO, b.cleartext()), *times(3, OK, b.cleartext())),
    "a name looked up for a captive portal's sake": story(
        *rounds(*PINNED),
        *[
            (500.0 + 30 * n + gap, c)
            for n in range(3)
            for gap, c in enumerate([b.lookup(), b.cleartext(purpose=ev.CONNECTIVITY)])
        ],
        (700.0, b.lookup("end.example")),
    ),
    # -- connections that carry more, or less, than they seem
    "requests for another host over one connection": told(
        *times(5, b.accepted("a.example.com", authority=HOST, requests=1)),
        *times(9, b.relayed_ok("a.example.com")),
    ),
    "requests for another host, which the control reached by itself": phased(
        ev.CONTROL,
        every(9, OK),
        *times(3, b.accepted("a.example.com", authority=HOST)),
    ),
    "spare sockets": story(*[part for n in range(9) for part in load(20.0 * n)], *every(4, OK, 20.0, 300.0)),
    "spare sockets, and one refusal in a long day": story(
        (0, NO), *[part for n in range(9) for part in load(100 + 20.0 * n)], *every(4, OK, 20.0, 400.0)
    ),
    "spare sockets, one refusal, and a host that is used meanwhile": story(
        (0, NO),
        *[part for n in range(9) for part in [*load(100 + 20.0 * n)[:2], (100.95 + 20.0 * n, b.accepted(THERE))]],
        *[(100.1 + 20.0 * n, YES) for n in range(9)],
    ),
    "connections that are used once in any case": told(*times(9, once()), *times(9, OK)),
    "connections that idle for minutes after one request": story(
        *every(9, once(300.0), 400.0), *every(9, LONG, 400.0, 4000.0)
    ),
    "streams that the proxy holds back, given up after ten seconds": told(
        *times(14, once(10.2, answered=False)), *times(2, LONG)
    ),
    "HTTP/1.1 through the proxy, where the server has HTTP/2": told(
        *times(14, b.negotiated(once(), alpn="http/1.1")), *times(2, LONG)
    ),
    "TLS 1.2 through the proxy, where the server has TLS 1.3": told(
        *times(14, b.negotiated(once(), tls_version="TLSv1.2")), *times(2, LONG)
    ),
    "requests for a pinned host over another's connection": told(
        *PINNED, *times(3, b.accepted("a.example.com", authority=HOST, requests=1))
    ),
    "requests that are given up now and then": told(
        *times(20, YES), (empty_for(0.9),), *times(10, YES), (empty_for(0.9),), *times(10, YES)
    ),
    "requests that are given up now and then in a long day": told(*times(5, empty_for(0.9), *[YES] * 5), (OK,)),
    "a page that is left again and again while its sockets open": story(
        *[
            part
            for n in range(2)
            for part in [(40.0 * n, YES), *[(40.0 * n + 10 + k / 10, empty_for(0.9)) for k in range(2)]]
        ],
        (100.0, YES),
        (120.0, OK),
    ),
    "the first screen is left, and then the app is used": story(
        *[(1.0 + n / 10, empty_for(0.9)) for n in range(4)], *every(10, YES, 5.0, 10.0)
    ),
    "the app is used, and then left": story(
        *every(10, YES, 5.0), *[(60.0 + n / 10, empty_for(0.9)) for n in range(4)], (90.0, OK)
    ),
    # -- sockets that stay open
    "a burst of preconnects": story(*every(4, OK, 5.0), *[(35.0 + n / 100, b.silent()) for n in range(5)], (90.0, OK)),
    "bursts of preconnects": story(
        *[(60.0 * k + n / 10, b.silent()) for k in range(2) for n in range(5)], *every(9, OK, 5.0, 300.0)
    ),
    "preconnects that nobody uses any more": phased(ev.CONTROL, every(9, OK), *times(5, b.silent())),
    "another protocol than the server's, in which nobody speaks first": told(
        *times(5, b.negotiated(b.silent(), alpn="http/1.1")), *times(5, OK)
    ),
    "another TLS version than the server's, in which nobody speaks": told(
        *times(5, b.negotiated(b.silent(), tls_version="TLSv1.2")), *times(5, OK)
    ),
    "preconnects that nobody uses": told(*times(5, b.silent()), *times(5, UNCLEAR), *times(5, OK)),
    "a push socket that only listens": told(
        *times(5, b.silent("push.example.org", port=5228)),
        *times(5, b.relayed_ok("push.example.org", port=5228, worked=None)),
    ),
    "a push socket of the host that comes back after refusals": beside_refusals(*push(HOST, 5228)),
    "a push socket of another host that comes back after refusals": beside_refusals(*push("courier.example.org", 5223)),
    # -- the network, and the real server
    "a flaky network": told(
        *times(4, YES), *times(2, empty_for(0.2)), *times(3, BARE), *times(2, BROKEN), *times(2, YES), *times(4, OK)
    ),
    "a flaky network that only closes empty": told(
        (YES,), (empty_for(0.2),), (YES,), (empty_for(0.2),), (YES,), (BROKEN,), (OK,), (UNCLEAR,)
    ),
    "a flaky network, in bursts": story(
        *[(30.0 * n + k / 10, BARE) for n in range(4) for k in range(9)], *every(6, OK, 20.0, 300.0)
    ),
    "a server that is down": told(*times(5, b.upstream_failed(), b.accepted(THERE)), *times(5, OK)),
    "a server that answers interception with errors": told(*times(9, ERROR), *times(9, LONG)),
    "a server that answers interception with errors, and so is asked less": phased(
        ev.CONTROL, every(19, OK, 5.0), *times(2, ERROR)
    ),
    "a server that answers the login with errors, so that nothing comes of the rest": phased(
        ev.CONTROL,
        [*every(9, b.relayed_ok("login.example.com")), *every(9, OK, 10.0, 3.0)],
        *times(12, inside(b.accepted("login.example.com", requests=1), b.answered(403))),
    ),
    "a connection of the control that goes on in the test": phased(
        ev.CONTROL, [*every(9, b.relayed_ok(THERE)), (90.0, long(THERE))], *times(12, YES)
    ),
    "a connection of the control that goes on in the test, of a host that is used besides": phased(
        ev.CONTROL, [*every(19, OK, 5.0), (96.0, LONG)], *times(2, YES)
    ),
    # -- two devices
    "two devices, one without the CA": told(*times(3, b.refused_alert(client=2), YES), (OK,)),
    "two devices, one without the CA, beside the experiment's contrasts": told(
        *times(3, b.refused_alert(client=2), YES, b.refused_unknown_ca(HOST)), (OK,)
    ),
    "two devices, one after the other": told(*times(3, b.refused_alert(client=2)), *times(5, YES)),
    "two devices, the one without the CA last": told(*times(5, YES), *times(3, b.pinned_after_handshake(client=2))),
    "two devices with stacks of their own, one without the CA": told(
        *times(3, b.refused_alert(client=2)), *times(3, OTHER_YES), (OK,), CANARY
    ),
    # -- several stacks in one app
    "a stack with roots of its own, beside one that trusts the CA": told(
        *times(3, b.refused_alert(stack=FLUTTER, alert=48), YES), (OTHER_OK,), (OK,)
    ),
    "a stack with roots of its own, before one that trusts the CA": told(
        *times(3, b.refused_alert(stack=FLUTTER, alert=48)), *times(3, YES), (OTHER_OK,), (OK,)
    ),
    "a stack with roots of its own, after one that trusts the CA": told(
        *times(3, YES), *times(3, b.refused_alert(stack=FLUTTER, alert=48)), CANARY, (OTHER_OK,), (OK,)
    ),
    "one refusal by one stack, and another stack": told((NO,), *times(3, OTHER_YES), CANARY, (OK,)),
    # -- several programs on one host
    "two apps, told apart": told(
        *times(3, b.attributed("com.one", NO), b.attributed("com.two", YES)), *times(3, b.attributed("com.one", OK))
    ),
    "two apps with stacks of their own, told apart": told(
        *times(3, b.attributed("com.one", NO)),
        *times(3, b.attributed("com.two", b.accepted(stack=FLUTTER))),
        (b.attributed("com.one", OK),),
    ),
    "cleartext of another app": told(
        *times(3, b.attributed("com.one", NO), b.attributed("com.two", b.cleartext())),
        *times(6, b.attributed("com.one", OK)),
    ),
    "cleartext of another app, which is named later": told(
        *times(3, b.attributed("com.one", NO), later_named("com.two", b.cleartext())),
        *times(6, b.attributed("com.one", OK)),
        app_id="com.one",
    ),
    "another host of another app, which is named later": told(
        *times(3, b.attributed("com.one", NO), later_named("com.two", b.accepted(THERE))),
        *times(6, b.attributed("com.one", OK)),
        app_id="com.one",
    ),
    "cleartext of another device": beside_refusals(b.cleartext(client=2)),
    "the report of another app": told(
        *times(3, b.attributed("com.one", YES)), (b.attributed("com.two", b.pin_report()),)
    ),
    "the system's host": story(
        (0, b.host_known(HOST, "example.com", category="os")),
        *rounds((NO,), (YES,), (NO,), (YES,), (b.accepted(stack=FLUTTER),)),
    ),
    # -- hosts that were there before
    "a CDN of the control": phased(
        ev.CONTROL, every(3, b.relayed_ok(THERE)), *times(3, NO, b.accepted(THERE)), *times(6, OK)
    ),
    "a CDN whose hosts take turns": told(
        *[(NO, b.accepted(f"edge{number}.example.net")) for number in range(3)], *times(6, OK)
    ),
    "a host that the device speaks to while idle": phased(
        ev.IDLE, every(3, b.relayed_ok(THERE)), *times(3, NO, b.accepted(THERE)), *times(6, OK)
    ),
    "a host that the device speaks to while idle, refused now and then": phased(
        ev.IDLE, every(3, OK), *times(3, NO, YES), *times(2, b.accepted(stack=FLUTTER))
    ),
    "a host that the device speaks to by itself, and no more once the test begins": story(
        *every(3, OK),
        (50.0, b.marked(ev.CONTROL)),
        *every(9, OK, 5.0, 51.0),
        (100.0, b.marked(ev.TEST)),
        (200.0, YES),
        (400.0, b.lookup("end.example")),
        phase=ev.IDLE,
    ),
    "a crash reporter that is told of each refusal": story(
        (0, b.host_known("crash.example.org", "example.org", category="crash-reporting")),
        *rounds(*times(3, NO, b.accepted("crash.example.org")), *times(6, OK)),
    ),
    "a host that is used in the test only, twice after a refusal": phased(
        ev.CONTROL, every(9, OK), *by_turns(b.accepted(THERE))
    ),
    "a host that is used in the test only, twice after a refusal, after a very long control": phased(
        ev.CONTROL, every(90, OK), *by_turns(b.accepted(THERE)), marked_s=950.0
    ),
    "cleartext that is used in the test only, twice after a refusal, after a very long control": phased(
        ev.CONTROL, every(90, OK), *by_turns(b.cleartext()), marked_s=950.0
    ),
    "a look for a captive portal over TLS after each refusal": beside_refusals(
        b.asking(b.accepted("portal.example.org", requests=1), ev.CONNECTIVITY)
    ),
    "a check of certificates over TLS after each refusal": beside_refusals(
        b.asking(b.accepted("ocsp.example.org", requests=1), ev.REVOCATION)
    ),
    "a look for a captive portal over TLS, in the control and in the test": phased(
        ev.CONTROL,
        every(9, b.relayed_ok("portal.example.org")),
        *times(9, b.asking(b.accepted("portal.example.org", requests=1), ev.CONNECTIVITY)),
    ),
    # -- names, and reports
    "names looked up for QUIC, which the proxy does not see whole": story(
        *rounds(*PINNED),
        *[(500.0 + 60 * n, b.lookup()) for n in range(3)],
        (505.0, b.quic("video.example.net")),
        (900.0, b.lookup("end.example")),
    ),
    "names looked up for another app's connection": story(
        *rounds(*[tuple(b.attributed("com.one", c) for c in several) for several in PINNED]),
        *[(500.0 + 60 * n, b.lookup()) for n in range(3)],
        *[(501.0 + 60 * n, b.attributed("com.two", YES)) for n in range(3)],
        (900.0, b.lookup("end.example")),
    ),
    "names looked up ahead of need": story(*every(9, b.lookup(), 20.0, 0.5), *rounds(*PINNED)),
    "a report about a pin that is enforced": told(*PINNED, (b.pin_report(enforced=True),)),
    # -- people
    "an app that is used less": phased(ev.CONTROL, every(9, OK), *times(4, YES)),
    "an app that is closed after its first request": told(*times(2, once()), *times(6, LONG)),
    "an app that tries twice": story(
        *[(60.0 * n + gap, NO) for n in range(4) for gap in (0.0, 1.0)], *every(5, OK, 60.0, 400.0)
    ),
}


@pytest.mark.parametrize("events", INNOCENT.values(), ids=INNOCENT.keys())
def test_no_degradation_is_present(events: Events) -> None:
    assert present(events) == []


GUILTY: dict[str, tuple[Events, list[str]]] = {
    # What a word less in the cases above would be.
    "cleartext": (beside_refusals(b.cleartext()), ["cleartext_fallback"]),
    "another host, not for a check": (beside_refusals(b.accepted(THERE, requests=1)), ["host_fallback"]),
    "in the test only, after more refusals": (
        phased(ev.CONTROL, every(9, OK), *times(5, NO, b.accepted(THERE)), *times(5, OK)),
        ["host_fallback"],
    ),
    "one request, answered and dropped": (told(*times(14, once()), *times(2, LONG)), ["leaked_before_check"]),
    "closed at moments of their own": (
        story(*[(40.0 * n + gap, c) for n in range(3) for gap, c in enumerate([YES, empty_for(0.9)], 1)], *SPARED),
        ["mixed_outcomes"],
    ),
    "closed before": (
        story(*[(1.0 + 5 * n, empty_for(0.9)) for n in range(4)], *every(5, OK, 5.0, 3.0), *every(10, YES, 5.0, 30.0)),
        ["gave_up_checking"],
    ),
    "closed afterwards": (
        story(*every(10, YES, 5.0), *[(60.0 + 5 * n, empty_for(0.9)) for n in range(4)], *SPARED),
        ["late_enforcement"],
    ),
    "mute at moments of their own": (told(*times(5, b.silent()), *times(5, OK)), ["silent_where_control_talks"]),
    "one device that does both": (told(*times(3, NO, YES), (OK,)), ["mixed_outcomes"]),
    "a stack that trusts the CA, before another one": (
        told(*times(3, NO), *times(3, OTHER_YES), (OK,), CANARY),
        ["second_stack"],
    ),
    "a stack that trusts the CA, after another one": (
        told(*times(3, OTHER_YES), *times(3, NO), (OK,), CANARY),
        ["mixed_by_stack"],
    ),
    "the same app's cleartext, named later": (
        told(
            *times(3, b.attributed("com.one", NO), later_named("com.one", b.cleartext())),
            *times(6, b.attributed("com.one", OK)),
            app_id="com.two",
        ),
        ["cleartext_fallback"],
    ),
    "a host of the control that is not reached": (
        phased(ev.CONTROL, [*every(9, OK), *every(9, b.relayed_ok(THERE))], *times(12, b.accepted(THERE))),
        ["missing_endpoints"],
    ),
    "a declared pin that is not enforced": (
        told(DECLARED, *times(9, YES), (OK,)),
        ["declared_but_not_enforced"],
    ),
    "names looked up without QUIC": (
        story(*rounds(*PINNED), *[(500.0 + 60 * n, b.lookup()) for n in range(3)], (900.0, b.lookup("end.example"))),
        ["bypass"],
    ),
}


@pytest.mark.parametrize(("events", "signals"), GUILTY.values(), ids=GUILTY.keys())
def test_the_table_would_see_a_degradation(events: Events, signals: list[str]) -> None:
    assert present(events) == [(HOST, 443, CONSCRYPT, signal) for signal in signals]
