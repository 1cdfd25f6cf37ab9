"""mutual_tls, tls_mismatch, name_doubt, explained_otherwise: other reasons to refuse than trust."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests import builders as b
from tests.builders import Events, journal
from tests.rooms import answer

from pinprobe import events as ev
from pinprobe.signals import State
from pinprobe.signals.doubt import EXPLAINED_OTHERWISE, MUTUAL_TLS, NAME_DOUBT, TLS_MISMATCH

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
AFTER = b.pinned_after_handshake


def mismatch(connection: Events) -> Events:
    return [replace(e, alpn="http/1.1") if isinstance(e, ev.HandshakeEstablished) else e for e in connection]


CASES: dict[str, tuple[Events, State, State, State, State]] = {
    # mutual TLS, mismatch, name doubt, explained otherwise
    "no doubt": (journal(AFTER(), AFTER()), A, A, A, A),
    "nothing refused": (journal(b.accepted(sni=False)), A, U, U, U),
    "no SNI": (journal(AFTER(sni=False)), A, A, P, P),
    "a name is missing": (journal(AFTER(names_missing=True)), A, A, P, P),
    "ALPN differs": (journal(mismatch(AFTER())), A, P, A, P),
    "client certificate": (journal(AFTER(mutual_tls=True)), P, A, A, P),
    "server not seen": (journal(AFTER(server=False)), U, A, A, A),
    "an alert in the handshake, without SNI": (journal(b.refused_alert(sni=False)), A, A, A, A),
    "an alert in the handshake stands beside a doubtful close": (
        journal(b.refused_alert(sni=False), AFTER(sni=False)),
        A,
        A,
        P,
        A,
    ),
    "an alert after the handshake does not": (journal(b.alert_after_handshake(sni=False)), A, A, P, P),
    "all three": (journal(mismatch(AFTER(sni=False, mutual_tls=True))), P, P, P, P),
}


@pytest.mark.parametrize(("events", "mutual", "differs", "names", "explained"), CASES.values(), ids=CASES.keys())
def test_states(events: Events, mutual: State, differs: State, names: State, explained: State) -> None:
    assert answer(MUTUAL_TLS, events).state is mutual
    assert answer(TLS_MISMATCH, events).state is differs
    assert answer(NAME_DOUBT, events).state is names
    assert answer(EXPLAINED_OTHERWISE, events).state is explained


def test_the_reasons_are_named() -> None:
    events = journal(mismatch(AFTER(sni=False)))
    assert answer(TLS_MISMATCH, events).note == "alpn"
    assert answer(EXPLAINED_OTHERWISE, events).note == "TLS mismatch: alpn, name doubt"


def test_counts() -> None:
    older = [replace(e, tls_version="TLSv1.2") if isinstance(e, ev.ServerChainSeen) else e for e in AFTER()]
    signal = answer(TLS_MISMATCH, journal(mismatch(AFTER()), older, older, AFTER()))
    assert (signal.count, signal.of, signal.note) == (2, 4, "alpn, tls_version")
    assert answer(TLS_MISMATCH, journal(AFTER())).count == 0
