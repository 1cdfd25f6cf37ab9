"""silent_where_control_talks, retry_storm."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import Events, journal
from tests.rooms import answer

from pinprobe.signals import State
from pinprobe.signals.silence import RETRY_STORM, SILENT_WHERE_CONTROL_TALKS

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
MUTE, OK, NO = b.silent(), b.relayed_ok(), b.refused_alert()

SILENCE: dict[str, tuple[Events, State]] = {
    "again and again, where relays talk": (journal(MUTE, MUTE, MUTE, OK), P),
    "twice": (journal(MUTE, MUTE, OK), A),
    "no relay": (journal(MUTE, MUTE, MUTE), U),
    "relays are mute too": (journal(MUTE, MUTE, MUTE, b.relayed_ok(worked=None)), U),
    "it also accepts": (journal(MUTE, MUTE, MUTE, OK, b.accepted()), A),
    "never": (journal(NO, OK), A),
}


@pytest.mark.parametrize(("events", "state"), SILENCE.values(), ids=SILENCE.keys())
def test_silence(events: Events, state: State) -> None:
    assert answer(SILENT_WHERE_CONTROL_TALKS, events).state is state


STORMS: dict[str, tuple[Events, State]] = {
    "five within a minute": (journal(*[NO] * 5, every_s=10.0), P),
    "four": (journal(*[NO] * 4), A),
    "five, slowly": (journal(*[NO] * 5, every_s=20.0), A),
    "slowly, then fast": (
        [*journal(*[NO] * 5, every_s=100.0), *[e for n in range(5) for e in b.placed(NO, 50 + n, b.START_S + 900 + n)]],
        P,
    ),
    "nothing refused": (journal(*[b.accepted()] * 9), U),
    "spare sockets of an endpoint in use": (
        journal(*[b.accepted(), b.pinned_after_handshake()] * 6, every_s=0.5),
        U,
    ),
}


@pytest.mark.parametrize(("events", "state"), STORMS.values(), ids=STORMS.keys())
def test_storms(events: Events, state: State) -> None:
    assert answer(RETRY_STORM, events).state is state
