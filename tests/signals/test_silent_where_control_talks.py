"""silent_where_control_talks: connected and mute, again and again, where every relay talks."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests import builders as b
from tests.builders import FLUTTER, Events, closed, journal
from tests.rooms import answer
from tests.rounds import Part, story

from pinprobe import events as ev
from pinprobe.signals import State
from pinprobe.signals.silent_where_control_talks import SILENT_WHERE_CONTROL_TALKS
from pinprobe.thresholds import BURST_S

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
MUTE, OK, NO, YES = b.silent(), b.relayed_ok(), b.refused_alert(), b.accepted()
DELAYED = [replace(event, probe_id="relay_delayed") if isinstance(event, ev.ProbeApplied) else event for event in OK]
IDLE_SOCKET = [*b.began(), b.established(), closed(30.0)]


def apart(*connections: Events) -> Events:
    """Far enough from one another to be no burst."""
    return journal(*connections, every_s=5.0)


def burst(at_s: float, number: int = 3, gap_s: float = 0.1) -> list[Part]:
    return [(at_s + gap_s * n, MUTE) for n in range(number)]


def talks(number: int, start_s: float = 200.0) -> list[Part]:
    return [(start_s + 5.0 * n, OK) for n in range(number)]


CASES: dict[str, tuple[Events, State]] = {
    "three, where three relays talk": (apart(*[MUTE] * 3, *[OK] * 3), P),
    "three, where two relays talk": (apart(*[MUTE] * 3, *[OK] * 2), U),
    "five, where two relays talk": (apart(*[MUTE] * 5, *[OK] * 2), P),
    "four, where two relays talk": (apart(*[MUTE] * 4, *[OK] * 2), U),
    "nineteen, where one relay talks": (apart(*[MUTE] * 19, OK), P),
    "eighteen, where one relay talks": (apart(*[MUTE] * 18, OK), U),
    "closed by the client after long": (apart(*[IDLE_SOCKET] * 3, *[OK] * 3), P),
    "twice": (apart(*[MUTE] * 2, *[OK] * 9), U),
    "no relay": (apart(*[MUTE] * 9), U),
    "relays stay mute as well": (apart(*[MUTE] * 9, *[b.relayed_ok(worked=None)] * 9), A),
    "one relay stays mute as well": (apart(*[MUTE] * 9, *[OK] * 9, b.relayed_ok(worked=None)), A),
    "it also accepts": (apart(*[MUTE] * 3, *[OK] * 3, YES), A),
    "it never is": (apart(NO, *[OK] * 3), A),
    "under a CA that nobody trusts": (apart(*[b.silent(probe_id="unknown_ca")] * 5, *[OK] * 5), A),
    "only relayed": (apart(*[OK] * 3), U),
    "relays of another stack talk": (apart(*[MUTE] * 3, *[b.relayed_ok(stack=FLUTTER)] * 3), U),
    "open when the session ended": (apart(*[b.unfinished()] * 9, *[OK] * 9), A),
    # -- bursts
    "three of one moment": (story(*burst(10.0), *talks(9)), U),
    "many, each within two seconds of the one before": (story(*burst(10.0, 9, BURST_S - 0.01), *talks(9)), U),
    "each a little more than two seconds after the one before": (story(*burst(10.0, 3, BURST_S + 0.01), *talks(3)), P),
    "two moments": (story(*burst(10.0), *burst(50.0), *talks(9)), U),
    "three moments": (story(*burst(10.0), *burst(50.0), *burst(90.0), *talks(3)), P),
    "three moments, where two relays talk": (story(*burst(10.0), *burst(50.0), *burst(90.0), *talks(2)), U),
    # -- the control
    "relays talked before the first silence only": (apart(*[OK] * 9, *[MUTE] * 3), U),
    "relays talk before and after the first silence": (apart(*[OK] * 3, *[MUTE] * 3, *[OK] * 3), P),
    "two of three relays talked before the first silence": (apart(OK, OK, *[MUTE] * 3, OK), U),
    "between the silences": (apart(MUTE, OK, MUTE, OK, MUTE, OK), P),
    "only relays that are held back talk": (apart(*[MUTE] * 3, *[DELAYED] * 3), U),
    "it talks under another certificate of ours": (apart(*[MUTE] * 3, *[b.accepted(probe_id="mimic_genuine")] * 3), U),
    "one relay talks, and it talks under another certificate of ours": (
        apart(*[MUTE] * 3, OK, *[b.accepted(probe_id="mimic_genuine")] * 9),
        U,
    ),
    # -- another connection than the app's own
    "the proxy speaks HTTP/1.1 where the server speaks HTTP/2": (
        apart(*[b.negotiated(MUTE, alpn="http/1.1")] * 3, *[OK] * 3),
        U,
    ),
    "the proxy speaks TLS 1.2 where the server speaks TLS 1.3": (
        apart(*[b.negotiated(MUTE, tls_version="TLSv1.2")] * 3, *[OK] * 3),
        U,
    ),
    "one of them negotiated otherwise": (apart(*[MUTE] * 3, b.negotiated(MUTE, alpn=None), *[OK] * 3), U),
    "no SNI": (apart(*[b.silent(sni=False)] * 3, *[OK] * 3), U),
    "a client certificate is asked for": (apart(*[b.silent(mutual_tls=True)] * 3, *[OK] * 3), U),
}


@pytest.mark.parametrize(("events", "state"), CASES.values(), ids=CASES.keys())
def test_states(events: Events, state: State) -> None:
    assert answer(SILENT_WHERE_CONTROL_TALKS, events).state is state


def test_counts_are_of_all_that_was_tested() -> None:
    signal = answer(SILENT_WHERE_CONTROL_TALKS, apart(*[MUTE] * 3, *[OK] * 3, NO))
    assert (signal.count, signal.of) == (3, 4)


def test_silences_of_one_moment_count_once() -> None:
    signal = answer(SILENT_WHERE_CONTROL_TALKS, story(*burst(10.0), *burst(50.0), *burst(90.0), *talks(3)))
    assert (signal.state, signal.count, signal.of) == (P, 3, 9)


def test_what_is_lacking_is_said() -> None:
    few, before, chance = (
        answer(SILENT_WHERE_CONTROL_TALKS, events).note
        for events in (story(*burst(10.0), *talks(9)), apart(OK, *[MUTE] * 3), apart(*[MUTE] * 3, OK, OK))
    )
    assert few == "1 silent, those of one moment counted once: 3 are needed"
    assert before == "no relayed attempt talks after the first silence"
    assert chance == "3 silent, 2 relayed that talk: too few to exclude an accident"
