"""declared_pin: pins in force for this host, or the leaf's own pin in the code; never one that other hosts share."""

from __future__ import annotations

from typing import Any

import pytest
from tests import builders as b
from tests.builders import CA_PIN, LEAF_PIN, OTHER_PIN, ROOT_PIN, START_S, Events
from tests.rooms import HOST, answer

from pinprobe.signals import State
from pinprobe.signals.declared_pin import DECLARED_PIN

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
BOTH = ("system", "user")
NO, AFTER = b.refused_alert(), b.pinned_after_handshake()


def pinned(*pins: str, **changes: Any) -> list[Events]:
    return [b.package(), b.declares(HOST, *pins, **{"anchors": BOTH, **changes})]


def code(*pins: Any, **host: Any) -> list[Events]:
    return [b.package(code_pins=pins), b.declares(HOST, **{"anchors": BOTH, **host})]


DISTRUSTED: dict[str, Any] = {"anchors": ("system",)}
CASES: dict[str, tuple[list[Events], list[Events], str, State]] = {
    "in force": (pinned(LEAF_PIN, OTHER_PIN), [NO, NO], "user", P),
    "in force, nothing refused yet": (pinned(CA_PIN), [b.accepted()], "user", P),
    "in force, store unknown": (pinned(CA_PIN), [NO], "unknown", P),
    "in force, system store": (pinned(ROOT_PIN), [NO], "system", P),
    "none": (pinned(), [NO], "user", A),
    "expired": (pinned(LEAF_PIN, expires_s=START_S - 86400), [NO], "user", A),
    "expires now": (pinned(LEAF_PIN, expires_s=START_S), [NO], "user", U),
    "report-only": (pinned(LEAF_PIN, report_only=True), [NO], "user", U),
    "overridden": (pinned(LEAF_PIN, overrides=("user",)), [NO], "user", A),
    "perhaps overridden": (pinned(LEAF_PIN, overrides=("user",)), [NO], "unknown", U),
    "the proxy's own": (pinned(b.session().ca_pin_sha256), [NO], "user", A),
    "shadowed": (pinned(meant_pins=(LEAF_PIN,), meant_why="shadowed"), [NO], "user", A),
    "not reached, since the CA is not trusted": (pinned(LEAF_PIN, **DISTRUSTED), [NO], "user", U),
    "refused after the handshake, where no such pin is": (pinned(LEAF_PIN), [AFTER, AFTER], "user", U),
    "refused by another alert": (pinned(LEAF_PIN), [b.refused_alert(alert=48)] * 2, "user", U),
    "matches nothing, and works relayed": (pinned(OTHER_PIN), [NO, NO], "user", U),
    "in code, the leaf's": (code(b.code_pin(LEAF_PIN)), [AFTER, AFTER], "user", P),
    "in code, beside this host": (code(b.code_pin(LEAF_PIN, host=HOST)), [AFTER], "user", P),
    "in code, beside another host": (code(b.code_pin(LEAF_PIN, host="www.example.com")), [AFTER], "user", A),
    "in code, an intermediate's": (code(b.code_pin(CA_PIN)), [AFTER], "user", A),
    "in code, a root's": (code(b.code_pin(ROOT_PIN, host=HOST)), [AFTER], "user", A),
    "in code, SHA-1": (code(b.code_pin(LEAF_PIN, algorithm="sha1")), [AFTER], "user", A),
    "in code, and distrust explains it": (code(b.code_pin(), **DISTRUSTED), [NO], "user", A),
    "in code, past the chain check": (code(b.code_pin(), **DISTRUSTED), [AFTER], "user", P),
    "host not resolved": ([b.package()], [NO], "user", U),
    "host not resolved, leaf in code": ([b.package(code_pins=(b.code_pin(),))], [AFTER], "user", P),
}


@pytest.mark.parametrize(("facts", "connections", "store", "expected"), CASES.values(), ids=CASES.keys())
def test_declared_pin(facts: list[Events], connections: list[Events], store: str, expected: State) -> None:
    signal = answer(DECLARED_PIN, b.journal(*facts, *connections, ca_store=store))
    assert signal.state is expected, signal.note
    assert signal.note


def test_an_intermediate_in_the_code_is_a_note() -> None:
    signal = answer(DECLARED_PIN, b.journal(*code(b.code_pin(CA_PIN, where="assets/pins.json")), NO))
    assert "a pin in assets/pins.json is that of the intermediate" in signal.note
