"""Contrasts: certificates between the right and the wrong one, and what they bring to light about a refusal."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import Events, journal
from tests.rooms import answer
from tests.simulation import under

from pinprobe.signals import State
from pinprobe.signals.contrasts import (
    CA_TRUSTED_BY_EXPIRY,
    IMPATIENT,
    MIMIC_ACCEPTED,
    MIMIC_REFUSED,
    STUFFED_CHAIN_ACCEPTED,
)

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
OTHERWISE = b.refused_alert()


def shown(probe_id: str, *connections: Events) -> Events:
    """These connections under a probe, beside an ordinary refusal."""
    return journal(OTHERWISE, *[under(connection, probe_id) for connection in connections])


MIMIC: dict[str, tuple[list[Events], State, State]] = {
    # refused, accepted
    "never shown": ([], U, U),
    "refused twice": ([b.refused_alert()] * 2, P, A),
    "refused twice, in other ways": ([b.pinned_after_handshake(), b.closed_in_handshake()], P, A),
    "refused once": ([b.refused_alert()], A, A),
    "refused, and once neutral": ([b.refused_alert(), b.refused_alert(), b.silent()], A, A),
    "accepted": ([b.accepted()], A, P),
    "now so, now otherwise": ([b.refused_alert(), b.refused_alert(), b.accepted()], A, P),
}


@pytest.mark.parametrize(("connections", "refused", "accepted"), MIMIC.values(), ids=MIMIC.keys())
def test_a_copy_of_the_genuine_leaf(connections: list[Events], refused: State, accepted: State) -> None:
    events = shown("mimic_genuine", *connections)
    assert answer(MIMIC_REFUSED, events).state is refused
    assert answer(MIMIC_ACCEPTED, events).state is accepted


@pytest.mark.parametrize("probe_id", ["stuffed_chain", "stuffed_chain_first"])
@pytest.mark.parametrize(
    ("connections", "state"), [([], U), ([b.refused_alert()] * 2, A), ([b.refused_alert(), b.accepted()], P)]
)
def test_a_stuffed_chain(probe_id: str, connections: list[Events], state: State) -> None:
    assert answer(STUFFED_CHAIN_ACCEPTED, shown(probe_id, *connections)).state is state


def expiry(ours: list[int], unknown_cas: list[int]) -> State:
    events = journal(
        OTHERWISE,
        *[b.refused_alert(alert=number, probe_id="expired") for number in ours],
        *[b.refused_alert(alert=number, probe_id="expired_unknown_ca") for number in unknown_cas],
    )
    return answer(CA_TRUSTED_BY_EXPIRY, events).state


EXPIRY: dict[str, tuple[list[int], list[int], State]] = {
    "45 for ours, 48 for the other": ([45, 45], [48, 48], P),
    "one alert for everything": ([46, 46], [46, 46], A),
    "45 for both": ([45, 45], [45, 45], A),
    "48 for both": ([48, 48], [48, 48], A),
    "ours once": ([45], [48, 48], U),
    "the other once": ([45, 45], [48], U),
    "ours now so, now otherwise": ([45, 46], [48, 48], U),
    "never shown": ([], [], U),
}


@pytest.mark.parametrize(("ours", "unknown_cas", "state"), EXPIRY.values(), ids=EXPIRY.keys())
def test_an_expired_certificate_tells_who_reaches_the_date(
    ours: list[int], unknown_cas: list[int], state: State
) -> None:
    assert expiry(ours, unknown_cas) is state


IMPATIENCE: dict[str, tuple[list[Events], State]] = {
    "never delayed": ([], U),
    "delayed once": ([b.relayed_failed()], U),
    "fails when delayed": ([b.relayed_failed()] * 2, P),
    "leaves when delayed": ([b.relayed_ok(worked=None)] * 2, P),
    "works when delayed": ([b.relayed_ok()] * 2, A),
    "works now and then": ([b.relayed_ok(), b.relayed_failed(), b.relayed_failed()], A),
}


@pytest.mark.parametrize(("connections", "state"), IMPATIENCE.values(), ids=IMPATIENCE.keys())
def test_impatience(connections: list[Events], state: State) -> None:
    assert answer(IMPATIENT, shown("relay_delayed", *connections)).state is state
