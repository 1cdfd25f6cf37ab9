"""Pins in force or why not, and the element of the real chain that each pin stands for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import builders as b
from tests.builders import CA_PIN, DAY_S, LEAF_PIN, OTHER_PIN, ROOT_PIN, START_S
from tests.rooms import HOST, endpoint_in

from pinprobe import events as ev
from pinprobe.evidence import Declaration, Element, Standing, declaration_of, evidence_of
from pinprobe.evidence.declared import covers

PROXY = b.session().ca_pin_sha256
CHAIN = b.chain()
ROOT = CHAIN[2]


def host(*pins: str, **changes: Any) -> ev.HostDeclared:
    (declared,) = b.declares(HOST, *pins, **changes)
    assert isinstance(declared, ev.HostDeclared)
    return declared


def declaration(*facts: b.Events, **of_session: Any) -> Declaration:
    evidence = evidence_of(b.journal(*facts, b.accepted(), **of_session))
    found = declaration_of(evidence, endpoint_in(evidence))
    assert found is not None
    return found


STANDINGS: dict[str, tuple[dict[str, Any], str, Standing]] = {
    "no pins": ({"pins": ()}, "user", Standing.NOT_DECLARED),
    "pins": ({}, "user", Standing.IN_FORCE),
    "pins, store unknown": ({}, "unknown", Standing.IN_FORCE),
    "pins, in no store": ({}, "none", Standing.IN_FORCE),
    "not yet expired": ({"expires_s": START_S + 15 * 3600}, "user", Standing.IN_FORCE),
    "expires on this day somewhere": ({"expires_s": START_S + 13 * 3600}, "user", Standing.EXPIRES_NOW),
    "expired here, not yet elsewhere": ({"expires_s": START_S - 11 * 3600}, "user", Standing.EXPIRES_NOW),
    "expired everywhere": ({"expires_s": START_S - 12 * 3600}, "user", Standing.EXPIRED),
    "report-only": ({"report_only": True}, "user", Standing.REPORT_ONLY),
    "overridden for our store": ({"overrides": ("user",)}, "user", Standing.OVERRIDDEN),
    "overridden for the other store": ({"overrides": ("user",)}, "system", Standing.IN_FORCE),
    "overridden for the system store": ({"overrides": ("system",)}, "system", Standing.OVERRIDDEN),
    "overridden somewhere, store unknown": ({"overrides": ("user",)}, "unknown", Standing.PERHAPS_OVERRIDDEN),
    "overridden for our CA by name": ({"overrides": (f"raw:{PROXY}",)}, "none", Standing.OVERRIDDEN),
    "overridden for another certificate": ({"overrides": (f"raw:{OTHER_PIN}",)}, "user", Standing.IN_FORCE),
    "overridden for one that could not be read": (
        {"overrides": ("raw:unknown",)},
        "user",
        Standing.PERHAPS_OVERRIDDEN,
    ),
    "names the proxy's CA": ({"pins": (LEAF_PIN, PROXY)}, "user", Standing.MATCHES_PROXY),
    "shadowed": ({"pins": (), "meant_pins": (CA_PIN,), "meant_why": "shadowed"}, "user", Standing.SHADOWED),
    "never matches": (
        {"pins": (), "meant_pins": (CA_PIN,), "meant_why": "never_matches"},
        "user",
        Standing.NEVER_MATCHES,
    ),
    "pins, and others meant": ({"meant_pins": (CA_PIN,), "meant_why": "never_matches"}, "user", Standing.IN_FORCE),
}


@pytest.mark.parametrize(("changes", "store", "expected"), STANDINGS.values(), ids=STANDINGS.keys())
def test_standings(changes: dict[str, Any], store: str, expected: Standing) -> None:
    facts = [replace(host(LEAF_PIN), **{"anchors": ("system", "user"), **changes})]
    assert declaration(b.package(), [*facts], ca_store=store).standing is expected


def test_overrides_of_a_debuggable_build_are_those_of_debug_overrides() -> None:
    facts = b.declares(HOST, LEAF_PIN, anchors=("system", "user"), overrides=("user",))
    debug = b.package(debuggable=True, debug_user_cas=True)
    assert declaration(debug, facts, ca_store="user").standing is Standing.DEBUG_OVERRIDES
    meant = b.package(debuggable=True, debug_user_cas=False)
    assert declaration(meant, facts, ca_store="user").standing is Standing.OVERRIDDEN


def test_nothing_is_declared_where_no_package_was_read() -> None:
    evidence = evidence_of(b.journal(b.declares(HOST, LEAF_PIN), b.accepted()))
    assert declaration_of(evidence, endpoint_in(evidence)) is None


def test_a_host_that_was_not_resolved() -> None:
    found = declaration(b.package(code_pins=(b.code_pin(),)))
    assert found.standing is Standing.NOT_RESOLVED and found.trusted is None and not found.pins
    assert [one.element for one in found.code] == [Element.LEAF]


def test_each_pin_has_its_element() -> None:
    pins = (ROOT_PIN, CA_PIN, LEAF_PIN, OTHER_PIN)
    found = declaration(b.package(), b.declares(HOST, *pins))
    assert [one.element for one in found.pins] == [Element.ROOT, Element.INTERMEDIATE, Element.LEAF, None]
    ends = {certificate.pin_sha256: certificate.not_after_s for certificate in CHAIN}
    assert [one.not_after_s for one in found.pins] == [ends[ROOT_PIN], ends[CA_PIN], ends[LEAF_PIN], None]
    assert found.chain_seen and found.chain_whole
    assert found.leaf_lasts_s == 90 * DAY_S


def with_chain(certificates: tuple[ev.Certificate, ...], root: ev.Certificate | None) -> b.Events:
    return [
        replace(event, chain=certificates, root=root) if isinstance(event, ev.ServerChainSeen) else event
        for event in b.accepted()
    ]


def test_a_root_that_was_not_sent_is_known_from_the_stores() -> None:
    facts = (b.package(), b.declares(HOST, ROOT_PIN))
    for root, element, whole in ((ROOT, Element.ROOT, True), (None, None, False)):
        evidence = evidence_of(b.journal(*facts, with_chain(CHAIN[:2], root)))
        found = declaration_of(evidence, endpoint_in(evidence))
        assert found is not None
        assert [one.element for one in found.pins] == [element]
        assert found.chain_whole is whole and found.chain_seen


def test_a_certificate_whose_names_cannot_be_read_is_no_root() -> None:
    odd = replace(CHAIN[1], subject="", issuer="", pin_sha256="")
    evidence = evidence_of(b.journal(b.package(), b.declares(HOST, ROOT_PIN), with_chain((CHAIN[0], odd), None)))
    found = declaration_of(evidence, endpoint_in(evidence))
    assert found is not None and found.chain_seen and not found.chain_whole


def test_without_a_chain_nothing_is_said_of_it() -> None:
    evidence = evidence_of(b.journal(b.package(), b.declares(HOST, LEAF_PIN), b.relayed_ok()))
    found = declaration_of(evidence, endpoint_in(evidence))
    assert found is not None and not found.chain_seen and not found.chain_whole and found.leaf_lasts_s is None
    assert [one.element for one in found.pins] == [None]


def test_pins_in_code_that_stand_beside_another_host_are_not_this_hosts() -> None:
    pins = (
        b.code_pin(LEAF_PIN),
        b.code_pin(CA_PIN, host="*.example.com"),
        b.code_pin(ROOT_PIN, host="cdn.example.net"),
        b.code_pin(LEAF_PIN, algorithm="sha1"),
        b.code_pin(OTHER_PIN),
    )
    found = declaration(b.package(code_pins=pins), b.declares())
    assert [(one.pin, one.element) for one in found.code] == [
        (LEAF_PIN, Element.LEAF),
        (CA_PIN, Element.INTERMEDIATE),
    ]


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("api.example.com", "api.example.com", True),
        ("API.example.com", "api.example.com", True),
        ("example.com", "api.example.com", False),
        ("*.example.com", "api.example.com", True),
        ("*.example.com", "example.com", False),
        ("*.example.com", "a.api.example.com", False),
        ("**.example.com", "example.com", True),
        ("**.example.com", "a.api.example.com", True),
        ("**.example.com", "anexample.com", False),
    ],
)
def test_patterns_are_okhttps(pattern: str, name: str, expected: bool) -> None:
    assert covers(pattern, name) is expected


TRUST: list[tuple[str, tuple[str, ...], bool | None]] = [
    ("user", ("system",), False),
    ("user", ("system", "user"), True),
    ("system", ("system",), True),
    ("system", (f"raw:{OTHER_PIN}",), False),
    ("none", ("system", "user"), False),
    ("none", (f"raw:{PROXY}",), True),
    ("unknown", ("system",), None),
    ("unknown", ("system", "user"), True),
]


@pytest.mark.parametrize(("store", "anchors", "expected"), TRUST)
def test_whether_the_configuration_trusts_our_ca(store: str, anchors: tuple[str, ...], expected: bool | None) -> None:
    assert declaration(b.package(), b.declares(HOST, anchors=anchors), ca_store=store).trusted is expected


@given(st.floats(-400 * DAY_S, 400 * DAY_S), st.sampled_from(["user", "system", "unknown", "none"]))
def test_once_expired_pins_are_never_in_force_again(left_s: float, store: str) -> None:
    found = declaration(b.package(), b.declares(HOST, LEAF_PIN, expires_s=START_S + left_s), ca_store=store)
    assert (found.standing is Standing.IN_FORCE) == (left_s > 14 * 3600)
    assert (found.standing is Standing.EXPIRED) == (left_s <= -12 * 3600)
