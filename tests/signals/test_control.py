"""control_worked, control_failed: does the client work when nobody intercepts?"""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests import builders as b
from tests.builders import Events, journal
from tests.rooms import answer

from pinprobe.signals import State
from pinprobe.signals.control import CONTROL_FAILED, CONTROL_WORKED

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
OK, BAD, UNCLEAR, REFUSED = b.relayed_ok(), b.relayed_failed(), b.relayed_ok(worked=None), b.refused_alert()
OLD_BAD = replace(BAD[-2], tls_version="TLSv1.2")  # type: ignore[call-arg]
OLDER = [*OK[:-2], replace(OK[-2], tls_version="TLSv1.2"), OK[-1]]  # type: ignore[call-arg]

CASES: dict[str, tuple[Events, State, State]] = {
    "none": (journal(REFUSED), U, U),
    "ended too early": (journal(REFUSED, UNCLEAR), U, U),
    "had no server": (journal(REFUSED, [*b.upstream_failed(probe_id="relay")]), U, U),
    "worked": (journal(REFUSED, OK), P, A),
    "failed": (journal(REFUSED, BAD), A, P),
    "failed now and then": (journal(REFUSED, OK, OK, BAD), P, A),
    "failed mostly": (journal(REFUSED, BAD, OK, BAD), A, P),
    "failed half of the time": (journal(REFUSED, OK, BAD), A, P),
    "worked until the first refusal, and never again": (journal(OK, REFUSED, BAD, BAD, BAD), P, A),
    "worked in two versions, in the second one only after the refusal": (
        journal(OK, REFUSED, BAD, BAD, OLDER),
        A,
        P,
    ),
    "failed in two versions, in the second one before the refusal": (
        journal(OK, [*BAD[:-2], OLD_BAD, BAD[-1]], REFUSED, BAD),
        A,
        P,
    ),
    "worked and failed before the refusal": (journal(OK, BAD, REFUSED, BAD), A, P),
    "worked again after the refusal": (journal(OK, REFUSED, BAD, BAD, OK, BAD), A, P),
    "failed, and nothing was refused": (journal(OK, b.accepted(), BAD, BAD), A, P),
}


@pytest.mark.parametrize(("events", "worked", "failed"), CASES.values(), ids=CASES.keys())
def test_states(events: Events, worked: State, failed: State) -> None:
    assert answer(CONTROL_WORKED, events).state is worked
    assert answer(CONTROL_FAILED, events).state is failed


def test_a_poisoned_control_says_so() -> None:
    signal = answer(CONTROL_WORKED, journal(OK, REFUSED, BAD))
    assert (signal.count, signal.of) == (1, 2)
    assert "poisoned" in signal.note


def test_counts_are_of_all_that_tell() -> None:
    events = journal(REFUSED, OK, OK, OK, OK, BAD, UNCLEAR)
    worked, failed = answer(CONTROL_WORKED, events), answer(CONTROL_FAILED, events)
    assert (worked.count, worked.of) == (4, 5)
    assert (failed.count, failed.of) == (1, 5)
