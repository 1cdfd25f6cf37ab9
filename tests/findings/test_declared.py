"""PIN-103, PIN-108, PIN-206, PIN-210: what is declared, and what came of it."""

from __future__ import annotations

from typing import Any

import pytest
from tests import builders as b
from tests.builders import CA_PIN, LEAF_PIN, START_S, Events
from tests.findings.found import found
from tests.rooms import HOST

YES, NO, OK = b.accepted(), b.refused_alert(), b.relayed_ok()
BOTH: dict[str, Any] = {"anchors": ("system", "user")}
USER: dict[str, Any] = {"ca_store": "user"}


def pinned(*pins: str, **changes: Any) -> Events:
    return b.declares(HOST, *pins, **{**BOTH, **changes})


SPOKEN = {"PIN-103", "PIN-108", "PIN-206", "PIN-208", "PIN-210"}
CASES: dict[str, tuple[list[Events], dict[str, list[str]]]] = {
    "no package": ([YES], {}),
    "nothing declared": ([b.package(), b.declares(), YES], {}),
    "declared and enforced": ([b.package(), b.declares(HOST, LEAF_PIN), NO, NO, OK], {}),
    "declared, not enforced": ([b.package(), b.declares(HOST, LEAF_PIN), YES], {"PIN-103": [HOST]}),
    "expired": ([b.package(), b.declares(HOST, LEAF_PIN, expires_s=START_S - 1e6), YES], {"PIN-103": [HOST]}),
    "report-only is said once": (
        [b.package(), b.declares(HOST, LEAF_PIN, report_only=True), YES],
        {"PIN-208": [HOST]},
    ),
    "overridden in a debuggable build is said once": (
        [b.package(debuggable=True, debug_user_cas=True), pinned(LEAF_PIN, overrides=("user",)), YES],
        {"PIN-210": []},
    ),
    "overridden in a release build": (
        [b.package(user_cas=True), pinned(LEAF_PIN, overrides=("user",)), YES],
        {"PIN-103": [HOST], "PIN-108": []},
    ),
    "the base configuration trusts user-added CAs": ([b.package(user_cas=True), pinned(), YES], {"PIN-108": []}),
    "one host's configuration does": ([b.package(), pinned(), YES], {"PIN-108": [HOST]}),
    "debug-overrides do": ([b.package(debug_user_cas=True), b.declares(), YES], {}),
    "a debuggable build may": ([b.package(debuggable=True, user_cas=True), pinned(), YES], {"PIN-210": []}),
    "shadowed, and refused": (
        [b.package(), b.declares(HOST, meant_pins=(CA_PIN,), meant_why="shadowed"), NO, NO, OK],
        {"PIN-206": [HOST]},
    ),
    "shadowed, and accepted": (
        [b.package(), b.declares(HOST, meant_pins=(CA_PIN,), meant_why="shadowed"), YES],
        {"PIN-103": [HOST], "PIN-206": [HOST]},
    ),
    "a wildcard, and no such host seen": (
        [b.package(pin_sets=(b.pin_set("*.pay.example.com", CA_PIN),)), b.declares(), YES],
        {"PIN-206": []},
    ),
    "a wildcard, and such a host seen": (
        [b.package(pin_sets=(b.pin_set("*.example.com", CA_PIN),)), b.declares(), YES],
        {"PIN-206": []},
    ),
}


@pytest.mark.parametrize(("connections", "expected"), CASES.values(), ids=CASES.keys())
def test_declared(connections: list[Events], expected: dict[str, list[str]]) -> None:
    said = found(b.journal(*connections, **USER))
    assert {id: hosts for id, (hosts, _) in said.items() if id in SPOKEN} == expected


@pytest.mark.parametrize(
    "name", ["*.pay.example.com", "https://pay.example.com", "pay.example.com:443", "pay.example.com/a", ".a.b", "a.b."]
)
def test_a_pattern_that_matches_nothing_is_quoted(name: str) -> None:
    _, evidence = found(b.journal(b.package(pin_sets=(b.pin_set(name, CA_PIN),)), YES))["PIN-206"]
    assert evidence == f"{name} matches no host: a domain is a plain name, without wildcard, scheme, port or path"


@pytest.mark.parametrize(
    "name", ["pay.example.com", "localhost", "10.0.2.2", "fe80::1", "bücher.example", "my_host.lan"]
)
def test_a_name_that_some_host_may_have_is_not(name: str) -> None:
    journal = b.journal(b.package(pin_sets=(b.pin_set(name, CA_PIN, include_subdomains=True),)), YES)
    assert "PIN-206" not in found(journal)
