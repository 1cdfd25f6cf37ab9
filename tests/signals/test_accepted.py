"""accepted, decrypted, decrypted_repeatedly, tested: what counts as an exchange."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import Events, began, closed, established, journal
from tests.rooms import answer

from pinprobe import events as ev
from pinprobe.signals import State
from pinprobe.signals.accepted import ACCEPTED, DECRYPTED, DECRYPTED_REPEATEDLY, TESTED

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN


def with_data(protocol: str) -> Events:
    seen = ev.ApplicationDataSeen(at_s=0.064, connection_id=0, protocol=protocol, preface_only=False)
    return [*began(), established(), seen, closed()]


CASES: dict[str, tuple[Events, State, State, State, State]] = {
    # tested, accepted, decrypted, decrypted_repeatedly
    "one request": (journal(b.accepted(requests=1)), P, P, P, A),
    "two requests of one connection": (journal(b.accepted(requests=2)), P, P, P, P),
    "two connections": (journal(b.accepted(requests=1), b.accepted(requests=1)), P, P, P, P),
    "half a request": (journal(with_data("http/1")), P, P, A, A),
    "h2 frames without a request": (journal(with_data("h2")), P, P, A, A),
    "another protocol": (journal(with_data("other")), P, P, P, A),
    "another protocol, twice": (journal(with_data("other"), with_data("other")), P, P, P, P),
    "a preface": (journal(b.preface_only()), P, A, A, A),
    "refused": (journal(b.refused_alert()), P, A, A, A),
    "silent": (journal(b.silent()), P, A, A, A),
    "resumed": (journal(b.resumed()), P, A, A, A),
    "never got so far": (journal(b.closed_before_certificate()), P, A, A, A),
    "relayed only": (journal(b.relayed_ok()), A, U, U, U),
    "requests under a CA that nobody trusts": (journal(b.accepted_unknown_ca("api.example.com")), P, A, A, A),
}


@pytest.mark.parametrize(("events", "tested", "accepted", "decrypted", "twice"), CASES.values(), ids=CASES.keys())
def test_states(events: Events, tested: State, accepted: State, decrypted: State, twice: State) -> None:
    assert answer(TESTED, events).state is tested
    assert answer(ACCEPTED, events).state is accepted
    assert answer(DECRYPTED, events).state is decrypted
    assert answer(DECRYPTED_REPEATEDLY, events).state is twice


def test_counts() -> None:
    events = journal(b.accepted(requests=3), with_data("other"), b.refused_alert(), b.relayed_ok())
    assert (answer(ACCEPTED, events).count, answer(ACCEPTED, events).of) == (2, 3)
    assert answer(DECRYPTED, events).count == 4
