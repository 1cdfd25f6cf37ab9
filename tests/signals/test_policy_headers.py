"""public_key_pins_header, expect_ct_header: what the server still says, and no browser heeds."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import Events, inside, journal
from tests.rooms import answer

from pinprobe.signals import State
from pinprobe.signals.policy_headers import EXPECT_CT_HEADER, PUBLIC_KEY_PINS_HEADER

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
YES, NO = b.accepted(), b.refused_alert()


def with_header(*headers: str) -> Events:
    return inside(YES, *map(b.policy_header, headers))


CASES: dict[str, tuple[Events, State, State]] = {
    # Public-Key-Pins, Expect-CT
    "pins": (journal(with_header("public-key-pins")), P, A),
    "pins, only to be reported": (journal(with_header("public-key-pins-report-only")), P, A),
    "Expect-CT": (journal(with_header("expect-ct")), A, P),
    "both": (journal(with_header("public-key-pins", "expect-ct")), P, P),
    "neither": (journal(YES), A, A),
    "of another host": (journal(inside(YES, b.policy_header(host="b.example.com"))), A, A),
    "nothing was decrypted": (journal(NO), U, U),
    "no whole request was": (journal(b.accepted(requests=0)), U, U),
    "seen by way of another host's connection": (
        journal(NO, inside(b.accepted("b.example.com", authority="api.example.com"), b.policy_header())),
        P,
        U,
    ),
}


@pytest.mark.parametrize(("events", "pins", "expect_ct"), CASES.values(), ids=CASES.keys())
def test_states(events: Events, pins: State, expect_ct: State) -> None:
    assert answer(PUBLIC_KEY_PINS_HEADER, events).state is pins
    assert answer(EXPECT_CT_HEADER, events).state is expect_ct


def test_they_are_counted_and_named() -> None:
    events = journal(with_header("public-key-pins"), with_header("public-key-pins", "public-key-pins-report-only"))
    signal = answer(PUBLIC_KEY_PINS_HEADER, events)
    assert (signal.count, signal.note) == (3, "public-key-pins, public-key-pins-report-only")
