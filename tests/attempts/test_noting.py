"""What a fact adds, and whether an outcome can hang on it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import builders as b
from tests.builders import Events

from pinprobe import events as ev
from pinprobe.attempts import AttemptFold, Settled
from pinprobe.attempts.attempt import Attempt
from pinprobe.attempts.classify import outcome_of
from pinprobe.attempts.connection import Connection, attempt_of, endpoint_of
from pinprobe.attempts.noting import note

OPENED = b.accepted()[0]
ASIDE: Events = [
    *b.repeated(3),
    ev.AppAttributed(at_s=0.1, connection_id=0, app_id="com.example.other", source_id="test"),
    ev.PinReportSeen(at_s=0.1, connection_id=0, format="hpkp", host="a.example", enforced=None),
    b.policy_header(),
    b.pin_material(),
]
KINDS = [
    b.accepted,
    b.refused_alert,
    b.pinned_after_handshake,
    b.alert_after_handshake,
    b.silent,
    b.relayed_ok,
    b.resumed,
]


@pytest.mark.parametrize("event", ASIDE, ids=lambda event: type(event).__name__)
def test_no_outcome_hangs_on_what_is_aside(event: ev.ConnectionEvent) -> None:
    assert isinstance(OPENED, ev.ConnectionOpened)
    assert not note(Connection(opened=OPENED), event)


@given(st.lists(st.sampled_from(KINDS), min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_what_is_said_is_what_all_facts_together_say(kinds: list[type], chance: object) -> None:
    """Skipping what cannot change it changes nothing: after each fact the attempt is what is known by then."""
    facts = [event for kind in kinds for event in kind()[1:]] + ASIDE
    chance.shuffle(facts)  # type: ignore[attr-defined]
    facts = [event for event in facts if not isinstance(event, ev.ConnectionClosed)]
    assert isinstance(OPENED, ev.ConnectionOpened)
    fold, known, said = AttemptFold(), Connection(opened=OPENED), None
    fold.feed(OPENED)
    for line, event in enumerate(facts, start=2):
        settled = fold.feed(event)
        assert isinstance(event, ev.ConnectionEvent)
        note(known, event)
        said = settled.attempt if isinstance(settled, Settled) else said
        known.said = said
        outcome, endpoint = outcome_of(known), endpoint_of(known, None)
        if outcome is None or endpoint is None:
            assert settled is None
            continue
        assert said is not None and _timeless(said) == _timeless(attempt_of(known, endpoint, outcome, line))


def _timeless(attempt: Attempt) -> Attempt:
    return replace(attempt, line=0, moments=())
