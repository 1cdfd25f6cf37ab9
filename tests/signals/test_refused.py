"""refused, refused_every_time, refused_in_handshake, refused_after_handshake: where, and always?"""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import Events, journal
from tests.rooms import answer

from pinprobe.signals import State
from pinprobe.signals.refused import REFUSED, REFUSED_AFTER_HANDSHAKE, REFUSED_EVERY_TIME, REFUSED_IN_HANDSHAKE

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
IN, AFTER, BARE = b.refused_alert(), b.pinned_after_handshake(), b.closed_in_handshake()
CONTROLS = [b.relayed_ok()] * 5
OTHER = b.accepted("cdn.example.net")

CASES: dict[str, tuple[Events, State, State, State, State]] = {
    # refused, every time, in handshake, after handshake
    "nothing shown": (journal(b.relayed_ok()), U, U, U, U),
    "accepted": (journal(b.accepted()), A, A, A, A),
    "neither": (journal(b.silent()), A, A, A, A),
    "once": (journal(IN), P, U, A, A),
    "twice in the handshake": (journal(IN, IN), P, P, P, A),
    "twice after it, by alert": (journal(*[b.alert_after_handshake()] * 2), P, P, A, P),
    "closes after it, with controls": (journal(*[AFTER] * 3, *CONTROLS), P, P, A, P),
    "closes after it, and alerts": (journal(AFTER, *[b.alert_after_handshake()] * 2), P, P, A, P),
    "once here, once there": (journal(IN, AFTER, AFTER, *CONTROLS, *CONTROLS), P, P, A, A),
    # -- what a network does, too
    "closes after it, no control": (journal(*[AFTER] * 9), P, U, A, U),
    "twice after it, with controls": (journal(AFTER, AFTER, *CONTROLS[:4]), P, U, A, U),
    "twice after it, with more controls": (journal(AFTER, AFTER, *CONTROLS), P, P, A, P),
    "closes after it, few controls": (journal(*[AFTER] * 3, *CONTROLS[:2]), P, U, A, U),
    "closes after it, few controls, and the app's log names the pin each time": (
        journal(AFTER, b.log_line("pin"), AFTER, b.log_line("pin"), *CONTROLS[:1]),
        P,
        P,
        A,
        P,
    ),
    "closes after it, few controls, and the app's log names the pin once": (
        journal(AFTER, b.log_line("pin"), AFTER, AFTER, *CONTROLS[:1]),
        P,
        U,
        A,
        U,
    ),
    "closes after it, few controls, and all else of the app works meanwhile": (
        journal(AFTER, *CONTROLS[:1], *[OTHER] * 3, AFTER, *[OTHER] * 3, AFTER),
        P,
        P,
        A,
        P,
    ),
    "closes after it, few controls, and little else of the app meanwhile": (
        journal(AFTER, *CONTROLS[:1], *[OTHER] * 3, AFTER, *[OTHER] * 2, AFTER, *[OTHER] * 9),
        P,
        U,
        A,
        U,
    ),
    "closes after it in a bad moment, and all else of the app works before and after": (
        journal(*[OTHER] * 20, AFTER, *CONTROLS[:1], AFTER, AFTER, *[OTHER] * 20),
        P,
        U,
        A,
        U,
    ),
    "closes after it, few controls, and all else works on another device": (
        journal(AFTER, *CONTROLS[:1], *[b.accepted("cdn.example.net", client=2)] * 20, AFTER, AFTER),
        P,
        U,
        A,
        U,
    ),
    "closes after it, controls fail now and then": (
        journal(*[AFTER] * 3, *CONTROLS, b.relayed_failed(), b.relayed_failed()),
        P,
        U,
        A,
        U,
    ),
    "closes after it, all of one moment": (journal(*[AFTER] * 9, *CONTROLS, every_s=0.01), P, U, A, U),
    "closes after it, and a network that breaks others": (
        journal(
            *[AFTER] * 3,
            *CONTROLS,
            *[b.accepted("cdn.example.net"), b.closed_before_certificate("cdn.example.net")] * 3,
        ),
        P,
        U,
        A,
        U,
    ),
    "many more closes after it than such a network makes": (
        journal(
            *[AFTER] * 9,
            *CONTROLS,
            *[b.accepted("cdn.example.net"), b.closed_before_certificate("cdn.example.net")] * 3,
        ),
        P,
        P,
        A,
        P,
    ),
    "alerts, on a network that breaks most": (journal(IN, IN, *[b.relayed_failed()] * 9), P, P, P, A),
    "twice, and accepted once": (journal(IN, IN, b.accepted()), P, A, A, A),
    "once, and accepted once": (journal(IN, b.accepted()), P, A, A, A),
    "twice, with neutral ones between": (journal(IN, b.silent(), b.upstream_failed(), IN), P, P, P, A),
    "alerts about something else": (journal(b.refused_alert(alert=70), b.refused_alert(alert=70)), A, A, A, A),
    "closes without alert, few": (journal(BARE, BARE, every_s=5.0), A, A, A, A),
    "closes without alert, many": (journal(*[BARE] * 5, *CONTROLS, every_s=5.0), P, P, A, A),
    "alerts, and many closes without": (journal(IN, IN, *[BARE] * 5, *CONTROLS, every_s=5.0), P, P, A, A),
    "left early": (journal(*[b.closed_before_certificate()] * 9), A, A, A, A),
    "under a CA that nobody trusts": (journal(*[b.refused_unknown_ca("api.example.com")] * 3), A, A, A, A),
    "resumed, then closed": (journal(*[b.resumed()] * 3), A, A, A, A),
}


@pytest.mark.parametrize(("events", "refused", "always", "within", "after"), CASES.values(), ids=CASES.keys())
def test_states(events: Events, refused: State, always: State, within: State, after: State) -> None:
    assert answer(REFUSED, events).state is refused
    assert answer(REFUSED_EVERY_TIME, events).state is always
    assert answer(REFUSED_IN_HANDSHAKE, events).state is within
    assert answer(REFUSED_AFTER_HANDSHAKE, events).state is after


def test_counts_are_refusals_of_what_was_decided() -> None:
    events = journal(IN, IN, AFTER, b.accepted(), b.silent(), b.relayed_ok())
    cards = (REFUSED, REFUSED_EVERY_TIME, REFUSED_IN_HANDSHAKE, REFUSED_AFTER_HANDSHAKE)
    assert [(answer(card, events).count, answer(card, events).of) for card in cards] == [(3, 4), (3, 4), (2, 4), (1, 4)]
