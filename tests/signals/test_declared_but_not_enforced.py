"""declared_but_not_enforced: a pin for this host, and its requests decrypted; with the likely cause as a word."""

from __future__ import annotations

from typing import Any

import pytest
from tests import builders as b
from tests.builders import CA_PIN, FLUTTER, LEAF_PIN, START_S, Events
from tests.rooms import HOST, answer, judged, said

from pinprobe.signals import State
from pinprobe.signals.declared_but_not_enforced import DECLARED_BUT_NOT_ENFORCED

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
YES, NO, OK = b.accepted(), b.refused_alert(), b.relayed_ok()
CAUSES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "in_force": ({}, {}),
    "expired": ({}, {"expires_s": START_S - 86400}),
    "expires_now": ({}, {"expires_s": START_S}),
    "report_only": ({}, {"report_only": True}),
    "overridden": ({}, {"overrides": ("user",)}),
    "debug_overrides": ({"debuggable": True, "debug_user_cas": True}, {"overrides": ("user",)}),
    "shadowed": ({}, {"pins": (), "meant_pins": (CA_PIN,), "meant_why": "shadowed"}),
    "never_matches": ({}, {"pins": (), "meant_pins": (CA_PIN,), "meant_why": "never_matches"}),
}


def facts(app: dict[str, Any] | None = None, **host: Any) -> list[Events]:
    return [b.package(**(app or {})), b.declares(HOST, **{"pins": (LEAF_PIN,), "anchors": ("system", "user"), **host})]


@pytest.mark.parametrize("cause", CAUSES)
def test_each_cause_is_named(cause: str) -> None:
    app, host = CAUSES[cause]
    events = b.journal(*facts(app, **host), YES, YES, ca_store="user")
    signal = answer(DECLARED_BUT_NOT_ENFORCED, events)
    assert (signal.state, signal.cause, signal.count, signal.of) == (P, cause, 4, 2)
    judgement = judged(events)
    # That the pins of a shadowed configuration were meant for this host is assumed.
    sure = "probable" if app.get("debuggable") or cause == "shadowed" else "confirmed"
    assert said(judgement) == ("suspicious", sure, "degraded")
    assert judgement.reason.startswith("declares pins, ") and "4 exchanges were decrypted" in judgement.reason


def test_perhaps_overridden_where_the_store_is_not_known() -> None:
    signal = answer(DECLARED_BUT_NOT_ENFORCED, b.journal(*facts(overrides=("user",)), YES))
    assert (signal.state, signal.cause) == (P, "perhaps_overridden")


def test_one_exchange_is_not_confirmed() -> None:
    judgement = judged(b.journal(*facts(), b.accepted(requests=1), ca_store="user"))
    assert said(judgement) == ("suspicious", "probable", "degraded")
    assert (
        judgement.reason == "declares pins, in force, but not on this client, and 1 exchange was decrypted all the same"
    )


INNOCENT: dict[str, tuple[list[Events], State]] = {
    "no pin": ([b.package(), b.declares(HOST), YES], A),
    "a pin of another host": ([b.package(), b.declares(HOST), b.declares("www.example.com", LEAF_PIN), YES], A),
    "the pins name the proxy's CA": ([*facts(pins=(LEAF_PIN, b.session().ca_pin_sha256)), YES], A),
    "a pin in the code only": ([b.package(code_pins=(b.code_pin(),)), b.declares(HOST), YES], A),
    "refused": ([*facts(), NO, NO, OK], A),
    "half a request": ([*facts(), b.accepted(requests=0)], A),
    "relayed only": ([*facts(), OK], U),
    "coalesced over another host's connection": ([*facts(), NO, b.accepted("cdn.example.net", authority=HOST)], A),
    "a host of the system": ([*facts(), b.host_known(HOST, "example.com", category="os"), YES], U),
    "a host of Play services": (
        [*facts(), b.host_known(HOST, "example.com", category="google-play-services"), YES],
        U,
    ),
    "accepted under a CA that nobody trusts": ([*facts(), b.accepted_unknown_ca(HOST)], A),
    "not resolved": ([b.package(), YES], U),
    "another app's": ([b.package(app_id="org.example"), b.declares(HOST, LEAF_PIN, app_id="org.example"), YES], U),
}


@pytest.mark.parametrize(("connections", "expected"), INNOCENT.values(), ids=INNOCENT.keys())
def test_innocent(connections: list[Events], expected: State) -> None:
    signal = answer(DECLARED_BUT_NOT_ENFORCED, b.journal(*connections, ca_store="user"))
    assert signal.state is expected and not signal.cause


def test_a_stack_that_the_configuration_does_not_bind_is_said_to_be_the_cause() -> None:
    """The stack that refuses stays pinned by itself; the endpoint is not."""
    events = b.journal(*facts(), *[b.accepted(stack=FLUTTER)] * 2, NO, NO, OK, ca_store="system")
    judgement = judged(events)
    assert said(judgement)[0] == "suspicious"
    assert {stack.verdict.value for stack in judgement.stacks} == {"suspicious", "pinned"}
