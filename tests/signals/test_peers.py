"""Who can vouch for others: endpoints that were decrypted, and that refuse a CA which nobody trusts."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import CONSCRYPT, FLUTTER, Events, accepted, host_known, journal, refused_alert, refused_unknown_ca
from tests.rounds import rounds, story

from pinprobe import events as ev
from pinprobe.attempts import Endpoint
from pinprobe.evidence import evidence_of, follows_of
from pinprobe.signals import peers_of
from pinprobe.signals.peers import may_be_anothers

HOST = "cdn.example.net"
APP = "com.example.app"
REFUSES = [refused_unknown_ca(HOST)] * 2
KEY = (APP, CONSCRYPT, 46)


def named(source: str) -> Events:
    """A connection that this source called the app's."""
    opened, *rest = accepted(HOST)
    return [opened, ev.AppAttributed(at_s=0.001, connection_id=0, app_id=APP, source_id=source), *rest]


def canaries(*connections: Events) -> dict[tuple[str, str, int], tuple[str, ...]]:
    found = peers_of(evidence_of(journal(*connections))).canaries
    return {key: tuple(endpoint.host for endpoint in endpoints) for key, endpoints in found.items()}


CASES: dict[str, tuple[list[Events], bool]] = {
    "decrypted, and refuses an unknown CA twice": ([accepted(HOST), *REFUSES], True),
    "decrypted only": ([accepted(HOST)], False),
    "refuses an unknown CA once": ([accepted(HOST), REFUSES[0]], False),
    "was never decrypted": ([refused_alert(HOST), *REFUSES], False),
    "carried bytes, but no whole request": ([accepted(HOST, requests=0), *REFUSES], False),
    "only resumed": ([b.resumed(HOST), *REFUSES], False),
    "trusts everything": ([accepted(HOST), *[b.accepted_unknown_ca(HOST)] * 3], False),
    "trusts everything now and then": ([accepted(HOST), *REFUSES, b.accepted_unknown_ca(HOST)], False),
    "closes silently under an unknown CA": (
        [accepted(HOST), *[b.closed_in_handshake(HOST, probe_id="unknown_ca")] * 3],
        False,
    ),
    "answers in two ways": ([accepted(HOST), *REFUSES, refused_unknown_ca(HOST, alert=48)], False),
    "resumed under an unknown CA": ([accepted(HOST), *[b.resumed(HOST, probe_id="unknown_ca")] * 3], False),
    "also refused by the app elsewhere": ([accepted(HOST), *REFUSES, refused_alert("api.example.com")], True),
}


@pytest.mark.parametrize(("connections", "is_canary"), CASES.values(), ids=CASES.keys())
def test_who_is_a_canary(connections: list[Events], is_canary: bool) -> None:
    assert canaries(*connections) == ({KEY: (HOST,)} if is_canary else {})


@pytest.mark.parametrize("category", ["os", "google-play-services", "browser"])
def test_hosts_that_may_be_another_programs_are_nobodys_canary(category: str) -> None:
    assert canaries(host_known(HOST, "example.net", category=category), accepted(HOST), *REFUSES) == {}


@pytest.mark.parametrize("category", [None, "analytics", "cdn"])
def test_other_hosts_may_serve(category: str | None) -> None:
    assert canaries(host_known(HOST, "example.net", category=category), accepted(HOST), *REFUSES) == {KEY: (HOST,)}


@pytest.mark.parametrize(("phase", "is_canary"), [(ev.IDLE, False), (ev.CONTROL, True)])
def test_hosts_that_the_device_speaks_to_while_idle_are_nobodys_canary(phase: str, is_canary: bool) -> None:
    begun = story((1, b.relayed_ok(HOST)), (5, b.marked(ev.TEST)), *rounds((accepted(HOST),), REFUSES), phase=phase)
    assert (peers_of(evidence_of(begun)).canaries != {}) is is_canary


MAY_BE_ANOTHERS: dict[str, tuple[Events, bool]] = {
    "unknown to the catalog": (journal(accepted(HOST)), False),
    "the app's own kind": (journal(host_known(HOST, "example.net", category="cdn"), accepted(HOST)), False),
    "the system's, but seen to be the app's": (
        journal(host_known(HOST, "example.net", category="os"), named("socket_table"), named("tunnel")),
        False,
    ),
    "the system's, and once only said to be the app's": (
        journal(host_known(HOST, "example.net", category="os"), named("tunnel"), named("client")),
        True,
    ),
    "the system's, seen once and declared once": (
        journal(host_known(HOST, "example.net", category="os"), named("tunnel"), accepted(HOST)),
        True,
    ),
    "the system's": (journal(host_known(HOST, "example.net", category="os"), accepted(HOST)), True),
    "spoken to while idle": (story((1, accepted(HOST)), phase=ev.IDLE), True),
    "spoken to once the idle phase was over": (
        story((1, b.marked(ev.TEST)), (2, accepted(HOST)), phase=ev.IDLE),
        False,
    ),
    "spoken to in a later idle phase": (story((1, b.marked(ev.IDLE)), (2, accepted(HOST))), True),
    "another port of it spoken to while idle": (
        story((1, accepted(HOST, port=8443)), (2, b.marked(ev.TEST)), (3, accepted(HOST)), phase=ev.IDLE),
        False,
    ),
    "another app spoke to it while idle": (
        story(
            (1, b.attributed("com.two", accepted(HOST))),
            (2, b.marked(ev.TEST)),
            (3, b.attributed(APP, accepted(HOST))),
            phase=ev.IDLE,
        ),
        False,
    ),
}


@pytest.mark.parametrize(("events", "may_be"), MAY_BE_ANOTHERS.values(), ids=MAY_BE_ANOTHERS.keys())
def test_what_may_be_another_programs(events: Events, may_be: bool) -> None:
    evidence = evidence_of(events)
    about = evidence.endpoints[Endpoint(app_id=APP, host=HOST, port=443, transport="tcp")]
    assert may_be_anothers(evidence, about) is may_be


def test_what_follows_refusals_is_gathered_once_for_all() -> None:
    events = journal(*[refused_alert(), b.cleartext()] * 2)
    evidence = evidence_of(events)
    assert peers_of(evidence).follows == follows_of(evidence) != {}


def test_all_endpoints_of_a_host_are_gathered() -> None:
    events = journal(
        accepted(HOST),
        accepted(HOST, port=8443),
        b.attributed("com.two", accepted(HOST)),
        b.quic(HOST),
        b.cleartext(HOST),
        accepted("img.example.net"),
    )
    found = peers_of(evidence_of(events)).by_host
    assert {
        host: sorted((about.endpoint.app_id, about.endpoint.port, about.endpoint.transport) for about in several)
        for host, several in found.items()
    } == {
        HOST: [(APP, 80, "tcp"), (APP, 443, "tcp"), (APP, 443, "udp"), (APP, 8443, "tcp"), ("com.two", 443, "tcp")],
        "img.example.net": [(APP, 443, "tcp")],
    }


TROUBLED: dict[str, tuple[Events, set[str]]] = {
    "answered well": (b.inside(accepted(HOST), b.answered(200)), set()),
    "sent on": (b.inside(accepted(HOST), b.answered(302)), set()),
    "never answered": (accepted(HOST), set()),
    "answered with an error": (b.inside(accepted(HOST), b.answered(403)), {APP}),
    "answered well, then with an error": (b.inside(accepted(HOST), b.answered(200), b.answered(503)), {APP}),
    "under a CA that nobody trusts": (
        b.inside(accepted(HOST, probe_id="unknown_ca"), b.answered(403)),
        set(),
    ),
    "another app": (b.attributed("com.two", b.inside(accepted(HOST), b.answered(403))), {"com.two"}),
    "refused": (refused_alert(HOST), set()),
}


@pytest.mark.parametrize(("connection", "apps"), TROUBLED.values(), ids=TROUBLED.keys())
def test_whom_servers_answer_with_errors(connection: Events, apps: set[str]) -> None:
    assert peers_of(evidence_of(journal(accepted("img.example.net"), connection))).troubled == apps


def test_a_canary_vouches_for_its_stack_and_alert_alone() -> None:
    found = canaries(
        accepted(HOST),
        *REFUSES,
        accepted("a.example.net", stack=FLUTTER),
        *[refused_unknown_ca("a.example.net", stack=FLUTTER, alert=48)] * 2,
    )
    assert found == {KEY: (HOST,), (APP, FLUTTER, 48): ("a.example.net",)}


def test_few_are_kept_and_the_same_ones_in_any_order() -> None:
    def of(hosts: list[str]) -> dict[tuple[str, str, int], tuple[str, ...]]:
        return canaries(*[c for host in hosts for c in (accepted(host), *[refused_unknown_ca(host)] * 2)])

    hosts = [f"host{number}.example.net" for number in range(5)]
    assert of(hosts) == of(hosts[::-1]) == {KEY: (hosts[0], hosts[1])}
