"""PIN-201 to PIN-205, PIN-207, PIN-212: what declared pins are worth, and for how long."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests import builders as b
from tests.builders import CA_PIN, DAY_S, LEAF_PIN, OTHER_PIN, ROOT_PIN, START_S, Events
from tests.findings.found import found, level
from tests.rooms import HOST

from pinprobe import events as ev
from pinprobe.findings import Level
from pinprobe.findings.pins import useless

SPOKEN = {"PIN-201", "PIN-202", "PIN-203", "PIN-204", "PIN-205", "PIN-207", "PIN-212"}
ZERO = "A" * 43 + "="


def host(*pins: str, **changes: Any) -> list[Events]:
    return [b.package(), b.declares(HOST, *pins, **changes)]


def sets(*some: ev.DeclaredPins) -> list[Events]:
    return [b.package(pin_sets=some), b.declares()]


CASES: dict[str, tuple[list[Events], set[str]]] = {
    "none": (host(), set()),
    "an intermediate and a backup": (host(CA_PIN, OTHER_PIN), set()),
    "one alone": (host(CA_PIN), {"PIN-202"}),
    "one, twice": (host(CA_PIN, CA_PIN), {"PIN-202"}),
    "two of the chain": (host(LEAF_PIN, CA_PIN), {"PIN-202"}),
    "the leaf, short-lived, and a backup": (host(LEAF_PIN, OTHER_PIN), {"PIN-203"}),
    "a root and a backup": (host(ROOT_PIN, OTHER_PIN), {"PIN-204"}),
    "nothing of the chain": (host(OTHER_PIN, ZERO), {"PIN-205"}),
    "nothing of the chain, and expired": (host(OTHER_PIN, ZERO, expires_s=START_S - 1e6), {"PIN-201"}),
    "nothing of the chain, and report-only": (host(OTHER_PIN, ZERO, report_only=True), set()),
    "meant, and shadowed": (host(meant_pins=(OTHER_PIN,), meant_why="shadowed"), set()),
    "expires in a year": (host(CA_PIN, OTHER_PIN, expires_s=START_S + 365 * DAY_S), set()),
    "expires in 90 days": (host(CA_PIN, OTHER_PIN, expires_s=START_S + 90 * DAY_S), set()),
    "expires sooner": (host(CA_PIN, OTHER_PIN, expires_s=START_S + 89 * DAY_S), {"PIN-201"}),
    "never contacted, expired": (sets(b.pin_set("pay.example.com", CA_PIN, expires_s=0.0)), {"PIN-201"}),
    "contacted, the set says the same": (sets(b.pin_set(HOST, CA_PIN, expires_s=0.0)), set()),
    "SHA-1": ([b.package(code_pins=(b.code_pin("x", algorithm="sha1"),)), b.declares()], {"PIN-207"}),
    "SHA-256 in the code": ([b.package(code_pins=(b.code_pin(CA_PIN),)), b.declares()], set()),
    "an example in the code": ([b.package(code_pins=(b.code_pin(ZERO),)), b.declares()], {"PIN-212"}),
    "twice in a set": (sets(b.pin_set("pay.example.com", CA_PIN, CA_PIN)), {"PIN-212"}),
    "the hash of nothing in a set": (
        sets(b.pin_set("pay.example.com", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")),
        {"PIN-212"},
    ),
}


@pytest.mark.parametrize(("facts", "expected"), CASES.values(), ids=CASES.keys())
def test_pins(facts: list[Events], expected: set[str]) -> None:
    assert found(b.journal(*facts, b.refused_alert())).keys() & SPOKEN == expected


def test_expired_is_an_error_and_soon_a_warning() -> None:
    for left_days, expected in ((-2, Level.ERROR), (30, Level.WARNING)):
        events = b.journal(*host(CA_PIN, OTHER_PIN, expires_s=START_S + left_days * DAY_S), b.refused_alert())
        assert level(events, "PIN-201") is expected
        (hosts, evidence) = found(events)["PIN-201"]
        assert hosts == [HOST] and ("expired on 2023-11-12" in evidence or "in 30 days" in evidence)


def test_one_expired_set_is_an_error_beside_one_that_soon_will() -> None:
    facts = [
        b.package(pin_sets=(b.pin_set("pay.example.com", CA_PIN, expires_s=0.0),)),
        b.declares(HOST, CA_PIN, OTHER_PIN, expires_s=START_S + DAY_S),
    ]
    events = b.journal(*facts, b.refused_alert())
    assert level(events, "PIN-201") is Level.ERROR
    assert "pay.example.com, never contacted: expired on 1970-01-01" in found(events)["PIN-201"][1]


def test_pins_that_match_nothing_are_a_warning_where_relayed_connections_work() -> None:
    facts = host(OTHER_PIN, ZERO)
    assert level(b.journal(*facts, b.refused_alert()), "PIN-205") is Level.ERROR
    assert level(b.journal(*facts, b.refused_alert(), b.relayed_ok()), "PIN-205") is Level.WARNING


def test_a_root_that_is_not_known_may_be_the_one() -> None:
    chain = b.chain()[:2]
    connection = [
        replace(event, chain=chain) if isinstance(event, ev.ServerChainSeen) else event for event in b.refused_alert()
    ]
    assert "PIN-205" not in found(b.journal(*host(OTHER_PIN, ZERO), connection))


def test_a_long_lived_leaf_may_be_pinned_alone() -> None:
    leaf, *rest = b.chain()
    chain = (replace(leaf, not_after_s=START_S + 300 * DAY_S), *rest)
    connection = [
        replace(event, chain=chain) if isinstance(event, ev.ServerChainSeen) else event for event in b.refused_alert()
    ]
    assert "PIN-203" not in found(b.journal(*host(LEAF_PIN, OTHER_PIN), connection))


@pytest.mark.parametrize(
    ("pin", "why"),
    [
        (ZERO, "one byte"),
        ("7HIpactkIAq2Y49orFOOQKurWxmmSFZhBCoQYcRhJ3Y=", "an example"),
        ("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "nothing"),
        (CA_PIN, ""),
        ("not base64!", ""),
        ("\u0661", ""),
        ("", ""),
    ],
)
def test_useless_pins(pin: str, why: str) -> None:
    assert (why in useless(pin)) and bool(useless(pin)) is bool(why)
