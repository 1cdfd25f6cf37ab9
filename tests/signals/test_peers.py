"""Who can vouch for others: endpoints that were decrypted, and that refuse a CA which nobody trusts."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import CONSCRYPT, FLUTTER, Events, accepted, host_known, journal, refused_alert, refused_unknown_ca

from pinprobe.evidence import evidence_of
from pinprobe.signals import peers_of

HOST = "cdn.example.net"
APP = "com.example.app"
REFUSES = [refused_unknown_ca(HOST)] * 2
KEY = (APP, CONSCRYPT, 46)


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
