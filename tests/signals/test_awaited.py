"""Questions that nothing can answer yet are unknown whatever was seen, and say what they wait for."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.rooms import answer

from pinprobe.signals import Card, State
from pinprobe.signals.awaited import AWAITED

EVERYTHING = b.journal(
    b.accepted(), b.refused_alert(), b.relayed_ok(), b.accepted_unknown_ca("api.example.com"), b.silent()
)


@pytest.mark.parametrize("card", AWAITED, ids=lambda card: card.id)
def test_always_unknown(card: Card) -> None:
    signal = answer(card, EVERYTHING)
    assert signal.state is State.UNKNOWN
    assert signal.note.startswith("needs ")
