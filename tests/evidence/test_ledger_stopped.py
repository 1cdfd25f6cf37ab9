"""Where a session or its recording ended, it ended for all that is judged, whatever is told later."""

from __future__ import annotations

from dataclasses import replace

from tests import builders as b
from tests.builders import CONSCRYPT, START_S, journal
from tests.rooms import endpoint_in

from pinprobe import events as ev
from pinprobe.attempts import Outcome
from pinprobe.evidence import evidence_of


def test_where_recording_stopped_the_session_ends_for_what_is_judged() -> None:
    """What was open then is unfinished, and not silent: nobody knows what it did later."""
    stop = ev.RecordingStopped(at_s=START_S + 3, since_s=START_S + 2.5, bound_mb=1, missing=1)
    events = journal(b.accepted(), b.accepted()[:6])
    later = [replace(stop, at_s=START_S + 500, missing=9), *b.placed(b.accepted(), 7, START_S + 400), *b.tool_failed()]
    evidence = evidence_of([*events, stop, *later, ev.SessionEnded(at_s=START_S + 600)])
    assert evidence.last_s == stop.since_s and evidence.stopped is not None and evidence.stopped.missing == 9
    assert evidence.connections == 2 and sum(evidence.failures.values()) == 1
    tallies = endpoint_in(evidence).stacks[CONSCRYPT].tallies
    assert {pattern.outcome for pattern in tallies} == {Outcome.DATA_EXCHANGED, Outcome.UNFINISHED}


def test_what_is_told_after_the_sessions_end_makes_no_connection_older() -> None:
    """A last report that could not be written is told then: the one that is rebuilt says of all else what that one said."""
    open_still = b.placed([*b.began(), b.established()], 1, START_S + 1)
    events = [b.session(), *open_still, ev.SessionEnded(at_s=START_S + 4)]
    ended, told = evidence_of(events), evidence_of([*events, ev.ToolFailed(at_s=START_S + 60, where="x", error="y")])
    for evidence in (ended, told):
        (tally,) = endpoint_in(evidence).stacks[CONSCRYPT].tallies.items()
        assert tally[0].outcome is Outcome.UNFINISHED and tally[1].examples[0].line == len(events)
    assert endpoint_in(ended).stacks == endpoint_in(told).stacks
