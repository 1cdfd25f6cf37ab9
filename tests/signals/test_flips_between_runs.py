"""flips_between_runs: one session cannot know, whatever it saw."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import Events, journal
from tests.rooms import answer

from pinprobe.signals import State
from pinprobe.signals.flips_between_runs import FLIPS_BETWEEN_RUNS

YES, NO, OK = b.accepted(), b.refused_alert(), b.relayed_ok()


@pytest.mark.parametrize(
    "events",
    [journal(NO, NO, OK), journal(YES, YES), journal(NO, YES, NO, YES)],
    ids=["refused", "accepted", "both"],
)
def test_of_one_session_it_is_unknown(events: Events) -> None:
    signal = answer(FLIPS_BETWEEN_RUNS, events)
    assert (signal.state, signal.note) == (State.UNKNOWN, "needs more than one session")
