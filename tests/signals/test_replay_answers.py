"""What single answers mean: the normal refusal, the calibration, and chains that were accepted."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import Events, journal
from tests.replays import FOREIGN, GENUINE, HOST, ONE, OWN, R, S, answered, refuser
from tests.rooms import stack_in

from pinprobe.signals.replay_answers import accepted_chains, calibration, normal_refusal, steady

REFUSED, RELAYED = b.refused_alert(), b.relayed_ok()

NORMAL: dict[str, tuple[list[Events], int | None]] = {
    "one alert": ([REFUSED, REFUSED], 46),
    "two alerts": ([REFUSED, b.refused_alert(alert=48)], None),
    "after the handshake": ([b.pinned_after_handshake()] * 2, None),
    "an alert, and a refusal after the handshake": ([REFUSED, REFUSED, b.pinned_after_handshake()], None),
    "an alert, and one lost connection": ([REFUSED, REFUSED, b.closed_in_handshake(), RELAYED], 46),
    "alerts and closes without one, again and again": (
        [REFUSED, REFUSED, *[c for _ in range(6) for c in (b.closed_in_handshake(), RELAYED, RELAYED)]],
        None,
    ),
    "accepts, and refuses an unknown CA": ([b.accepted(), *[b.refused_unknown_ca(HOST)] * 2], 46),
    "accepts": ([b.accepted()], None),
    "trusts everything": ([b.accepted(), b.accepted_unknown_ca(HOST)], None),
    "nothing but relays": ([RELAYED], None),
}


@pytest.mark.parametrize(("connections", "alert"), NORMAL.values(), ids=NORMAL.keys())
def test_normal_refusal(connections: list[Events], alert: int | None) -> None:
    assert normal_refusal(stack_in(journal(*connections))) == alert


@pytest.mark.parametrize(
    ("counts", "answer"), [({51: 2}, 51), ({51: 5}, 51), ({51: 1}, None), ({51: 2, 46: 1}, None), ({}, None)]
)
def test_steady(counts: dict[int, int], answer: int | None) -> None:
    assert steady(counts) == answer


CALIBRATION: dict[str, tuple[list[Events], int | None]] = {
    "decrypt_error": (refuser(51), 51),
    "JSSE": (refuser(40), 40),
    "Go on TLS 1.2": (refuser(10, normal=42), 10),
    "once": (refuser(51, times=1), None),
    "as the normal refusal": (refuser(46), None),
    "an alert that says nothing of signatures": (refuser(80), None),
    "no alert": ([*refuser(None), *[answered(GENUINE, OWN, None)] * 2], None),
    "now so, now otherwise": ([*refuser(51), answered(GENUINE, OWN, 40)], None),
    "two own chains, one answer": (
        [*refuser(None), answered(GENUINE, OWN, 51), answered(GENUINE, "renewed", 51)],
        51,
    ),
}


@pytest.mark.parametrize(("connections", "alert"), CALIBRATION.values(), ids=CALIBRATION.keys())
def test_calibration(connections: list[Events], alert: int | None) -> None:
    assert calibration(stack_in(journal(*connections)), "TLSv1.3") == alert


def test_each_version_is_calibrated_on_its_own() -> None:
    stack = stack_in(journal(*refuser(51)))
    assert calibration(stack, "TLSv1.2") is None


def accepted(*connections: Events) -> set[tuple[str, int]]:
    return {(replay.chain_id, normal) for replay, normal in accepted_chains(stack_in(journal(*connections)))}


ACCEPTED: dict[str, tuple[list[Events], set[str]]] = {
    "all of them": (refuser(S, S, S), {"own", "sibling", "one", "two"}),
    "those of the same CA": (refuser(S, S, R), {"own", "sibling"}),
    "none but its own: perhaps it looks at the name": (refuser(S, R, R), set()),
    "never shown another's": (refuser(S), set()),
    "uncalibrated": ([*refuser(None), *[answered(FOREIGN, ONE, S)] * 2], set()),
    "once each": (refuser(S, S, S, times=1), set()),
    "a wrong name, says the X509 store": (refuser(S, 42, 42, normal=48), set()),
}


@pytest.mark.parametrize(("connections", "chains"), ACCEPTED.values(), ids=ACCEPTED.keys())
def test_accepted_chains(connections: list[Events], chains: set[str]) -> None:
    assert {chain_id for chain_id, _ in accepted(*connections)} == chains


def test_an_accepting_endpoint_vouches_with_its_answer_to_an_unknown_ca() -> None:
    replays = [*[answered(GENUINE, OWN, S)] * 2, *[answered(FOREIGN, ONE, S)] * 2]
    refuses = [b.refused_unknown_ca(HOST)] * 2
    assert accepted(b.accepted(), *refuses, *replays) == {(OWN, 46), (ONE, 46)}
    assert accepted(b.accepted(), *replays) == set()


def test_who_trusts_everything_vouches_for_nothing() -> None:
    replays = [*[answered(GENUINE, OWN, S)] * 2, *[answered(FOREIGN, ONE, S)] * 2]
    assert accepted(b.accepted(), *[b.accepted_unknown_ca(HOST)] * 2, *replays) == set()
