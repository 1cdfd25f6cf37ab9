"""ca_trusted_here, _by_stack, _by_app, ca_in_system_store: what separates a pin from a CA that was never trusted."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import FLUTTER, Events, accepted, journal, refused_alert, refused_unknown_ca
from tests.rooms import HOST, answer

from pinprobe.signals import State
from pinprobe.signals.ca_trust import CA_IN_SYSTEM_STORE, CA_TRUSTED_BY_APP, CA_TRUSTED_BY_STACK, CA_TRUSTED_HERE

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
CDN = "cdn.example.net"
PINNED = [refused_alert()] * 2
CANARY = [accepted(CDN), *[refused_unknown_ca(CDN)] * 2]


BY_STACK: dict[str, tuple[list[Events], State]] = {
    "a canary of this stack, with this alert": ([*PINNED, *CANARY], P),
    "no canary": ([*PINNED], U),
    "decrypted, and no contrast": ([*PINNED, accepted(CDN)], U),
    "a canary of another stack": (
        [*PINNED, accepted(CDN, stack=FLUTTER), *[refused_unknown_ca(CDN, stack=FLUTTER)] * 2],
        U,
    ),
    "a canary with another alert": ([*PINNED, accepted(CDN), *[refused_unknown_ca(CDN, alert=48)] * 2], U),
    "refused with two alerts": ([refused_alert(), refused_alert(alert=48), *CANARY], U),
    "refused without alert": ([*[b.closed_in_handshake()] * 2, *CANARY], U),
    "refused after the handshake": ([*[b.pinned_after_handshake()] * 2, *CANARY], U),
}


@pytest.mark.parametrize(("connections", "state"), BY_STACK.values(), ids=BY_STACK.keys())
def test_by_stack(connections: list[Events], state: State) -> None:
    assert answer(CA_TRUSTED_BY_STACK, journal(*connections)).state is state


def test_the_canary_is_named() -> None:
    assert answer(CA_TRUSTED_BY_STACK, journal(*PINNED, *CANARY)).note == CDN


def test_nobody_vouches_for_himself() -> None:
    both = journal(*PINNED, accepted(), *[refused_unknown_ca(HOST)] * 2)
    assert answer(CA_TRUSTED_BY_STACK, both).state is U
    assert answer(CA_TRUSTED_BY_APP, both).state is U


def test_two_canaries_vouch_for_each_other() -> None:
    other = "img.example.net"
    events = journal(
        *CANARY, accepted(other), *[refused_unknown_ca(other)] * 2, refused_alert(CDN), refused_alert(other)
    )
    assert answer(CA_TRUSTED_BY_STACK, events, host=CDN).note == other
    assert answer(CA_TRUSTED_BY_STACK, events, host=other).note == CDN


@pytest.mark.parametrize(
    ("connections", "state"),
    [([*PINNED], U), ([*PINNED, accepted(CDN)], P), ([*PINNED, accepted(CDN, stack=FLUTTER)], P)],
)
def test_by_app(connections: list[Events], state: State) -> None:
    assert answer(CA_TRUSTED_BY_APP, journal(*connections)).state is state


@pytest.mark.parametrize(
    ("connections", "state"), [([*PINNED], U), ([*PINNED, accepted()], P), ([*CANARY, *PINNED], U)]
)
def test_here(connections: list[Events], state: State) -> None:
    assert answer(CA_TRUSTED_HERE, journal(*connections)).state is state


@pytest.mark.parametrize(("store", "state"), [("unknown", U), ("none", A), ("user", A), ("system", P)])
def test_the_system_store_is_as_declared(store: str, state: State) -> None:
    assert answer(CA_IN_SYSTEM_STORE, journal(accepted(), ca_store=store)).state is state
