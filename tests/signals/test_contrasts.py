"""What certificates between the right and the wrong one bring to light."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import Events, journal
from tests.replays import known
from tests.rooms import HOST, answer, judged, said, stack_in
from tests.simulation import under

from pinprobe.signals import State
from pinprobe.signals.ca_trust import CA_TRUSTED_BY_STACK
from pinprobe.signals.card import Card
from pinprobe.signals.contrasts import (
    CA_TRUSTED_BY_EXPIRY,
    IMPATIENT,
    MIMIC_ACCEPTED,
    MIMIC_REFUSED,
    STUFFED_CHAIN_ACCEPTED,
)

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN


def refused(probe_id: str, alert: int = 46) -> Events:
    return b.refused_alert(probe_id=probe_id, alert=alert)


def passed(probe_id: str) -> Events:
    return b.accepted(probe_id=probe_id)


DELAYED_WORKS = under(b.relayed_ok(), "relay_delayed")
DELAYED_FAILS = under(b.relayed_failed(), "relay_delayed")

CASES: dict[str, tuple[Card, list[Events], State]] = {
    "mimic: not shown": (MIMIC_REFUSED, [b.refused_alert()], U),
    "mimic: refused twice": (MIMIC_REFUSED, [refused("mimic_genuine")] * 2, P),
    "mimic: refused once": (MIMIC_REFUSED, [refused("mimic_genuine")], A),
    "mimic: refused after the handshake": (
        MIMIC_REFUSED,
        [b.pinned_after_handshake(probe_id="mimic_genuine")] * 2,
        P,
    ),
    "mimic: refused, and accepted once": (
        MIMIC_REFUSED,
        [*[refused("mimic_genuine")] * 2, passed("mimic_genuine")],
        A,
    ),
    "mimic: accepted": (MIMIC_ACCEPTED, [passed("mimic_genuine")], P),
    "mimic: never accepted": (MIMIC_ACCEPTED, [refused("mimic_genuine")] * 2, A),
    "stuffed: not shown": (STUFFED_CHAIN_ACCEPTED, [b.refused_alert()], U),
    "stuffed: accepted": (STUFFED_CHAIN_ACCEPTED, [passed("stuffed_chain")], P),
    "stuffed: the second variant accepted": (
        STUFFED_CHAIN_ACCEPTED,
        [refused("stuffed_chain"), passed("stuffed_chain_first")],
        P,
    ),
    "stuffed: refused": (STUFFED_CHAIN_ACCEPTED, [refused("stuffed_chain")] * 2, A),
    "expiry: the date is named": (
        CA_TRUSTED_BY_EXPIRY,
        [*[refused("expired", 45)] * 2, *[refused("expired_unknown_ca", 48)] * 2],
        P,
    ),
    "expiry: the CA is named": (
        CA_TRUSTED_BY_EXPIRY,
        [*[refused("expired", 48)] * 2, *[refused("expired_unknown_ca", 48)] * 2],
        A,
    ),
    "expiry: the date is named whatever the CA": (
        CA_TRUSTED_BY_EXPIRY,
        [*[refused("expired", 45)] * 2, *[refused("expired_unknown_ca", 45)] * 2],
        A,
    ),
    "expiry: one alert for everything": (
        CA_TRUSTED_BY_EXPIRY,
        [*[refused("expired", 46)] * 2, *[refused("expired_unknown_ca", 46)] * 2],
        A,
    ),
    "expiry: the comparison is missing": (CA_TRUSTED_BY_EXPIRY, [refused("expired", 45)] * 2, U),
    "expiry: once each": (CA_TRUSTED_BY_EXPIRY, [refused("expired", 45), refused("expired_unknown_ca", 48)], U),
    "expiry: accepted": (
        CA_TRUSTED_BY_EXPIRY,
        [*[passed("expired")] * 2, *[refused("expired_unknown_ca", 48)] * 2],
        U,
    ),
    "patience: not tried": (IMPATIENT, [b.closed_in_handshake()], U),
    "patience: a delay does not matter": (IMPATIENT, [DELAYED_WORKS] * 2, A),
    "patience: a delay is enough to fail": (IMPATIENT, [DELAYED_FAILS] * 2, P),
    "patience: tried once": (IMPATIENT, [DELAYED_FAILS], U),
    "patience: fails now and then": (IMPATIENT, [DELAYED_FAILS, DELAYED_WORKS], A),
}


@pytest.mark.parametrize(("card", "connections", "state"), CASES.values(), ids=CASES.keys())
def test_states(card: Card, connections: list[Events], state: State) -> None:
    assert answer(card, journal(*connections)).state is state


PINNED = [*[b.refused_alert()] * 2, b.relayed_ok()]
VERDICTS: dict[str, tuple[list[Events], tuple[str, str, str]]] = {
    "a bypass": (
        [*PINNED, *[passed("stuffed_chain")] * 2],
        ("pinned", "confirmed", "bypassable_pin"),
    ),
    "a stuffed chain means nothing where the normal one is accepted": (
        [b.accepted(), passed("stuffed_chain")],
        ("unpinned", "probable", "decrypted"),
    ),
    "our leaf was the reason": (
        [*PINNED, *[passed("mimic_genuine")] * 2],
        ("inconclusive", "none", "confounded"),
    ),
    "only the date is wrong": (
        [*PINNED, *[refused("expired", 45)] * 2, *[refused("expired_unknown_ca", 48)] * 2],
        ("pinned", "probable", "refused_though_ca_proven"),
    ),
}


@pytest.mark.parametrize(("connections", "words"), VERDICTS.values(), ids=VERDICTS.keys())
def test_verdicts(connections: list[Events], words: tuple[str, str, str]) -> None:
    assert said(judged(journal(*connections))) == words


CANARY = [b.accepted("cdn.example.net"), *[b.refused_unknown_ca("cdn.example.net", alert=48)] * 2]
REFUSES_FOR_ITS_CA = [
    *[b.refused_alert(alert=48)] * 2,
    b.relayed_ok(),
    *[refused("expired", 48)] * 2,
    *[refused("expired_unknown_ca", 48)] * 2,
]
"""A client with roots of its own beside one that asks the device: one stack, two trust stores."""


def test_a_stack_may_have_other_roots_elsewhere() -> None:
    events = journal(*CANARY, *REFUSES_FOR_ITS_CA, ca_store="system")
    assert answer(CA_TRUSTED_BY_STACK, events).state is U
    assert said(judged(events)) == ("pinned", "unproven", "refused_cause_unproven")


def test_a_private_chain_beside_other_roots_is_a_store_of_its_own() -> None:
    """The control works with a chain that no device trusts: the client has anchors, and ours is not among them."""
    private = known(f"chain of {HOST}", public=False, refused_because="not trusted")
    events = journal(*CANARY, private, *REFUSES_FOR_ITS_CA, ca_store="system")
    assert said(judged(events)) == ("pinned", "probable", "refused_though_ca_trusted")


def test_without_the_contrast_the_canary_decides() -> None:
    events = journal(*CANARY, *REFUSES_FOR_ITS_CA[:3], ca_store="system")
    assert said(judged(events)) == ("pinned", "probable", "refused_though_ca_trusted")
    assert stack_in(events).alerts("expired") == {}
