"""chain_checked_in_handshake, accepts_untrusted: what a CA that nobody trusts brings to light."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import Events, journal
from tests.rooms import HOST, answer

from pinprobe.signals import State
from pinprobe.signals.bad_certificates import ACCEPTS
from pinprobe.signals.chain_check import CHAIN_CHECKED_IN_HANDSHAKE

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
ACCEPTS_UNTRUSTED = next(card for card in ACCEPTS if card.id == "accepts_untrusted")


ALERT, OTHER = b.refused_alert(probe_id="unknown_ca"), b.refused_alert(alert=48, probe_id="unknown_ca")
SILENT_CLOSE = b.closed_in_handshake(probe_id="unknown_ca")
AFTER = b.pinned_after_handshake(probe_id="unknown_ca")
DATA = b.accepted_unknown_ca(HOST)

CASES: dict[str, tuple[Events, State, State]] = {
    # checked in the handshake, accepts untrusted
    "never shown": (journal(b.accepted()), U, U),
    "an alert, once": (journal(ALERT), U, A),
    "an alert, twice": (journal(ALERT, ALERT), P, A),
    "two different alerts": (journal(ALERT, OTHER), A, A),
    "a silent close, as Node and Qt do": (journal(SILENT_CLOSE, SILENT_CLOSE), A, A),
    "closed only after the handshake": (journal(AFTER, AFTER), A, A),
    "an alert after the handshake": (journal(*[b.alert_after_handshake(probe_id="unknown_ca")] * 2), A, A),
    "refused twice, and let pass once": (journal(ALERT, ALERT, AFTER), A, A),
    "a resumed session": (journal(*[b.resumed(probe_id="unknown_ca")] * 3), A, A),
    "requests": (journal(DATA), A, P),
    "requests now and then": (journal(ALERT, ALERT, DATA), A, P),
    "a preface alone": (journal(b.preface_only(probe_id="unknown_ca")), A, A),
}


@pytest.mark.parametrize(("events", "checked", "accepts"), CASES.values(), ids=CASES.keys())
def test_states(events: Events, checked: State, accepts: State) -> None:
    assert answer(CHAIN_CHECKED_IN_HANDSHAKE, events).state is checked
    assert answer(ACCEPTS_UNTRUSTED, events).state is accepts
