"""What happened in one run, in one word."""

from __future__ import annotations

from typing import Any

import pytest
from tests import builders as b
from tests.experiments import ACCEPTING, BROKEN, DEGRADED, NO, OK, REFUSING, RELAYED, UNTRUSTED, YES, seen_of, session
from tests.rooms import HOST
from tests.runs.recorded import COPIED, LEAF, LOOSE, MUTE, OTHERS_PASS

from pinprobe.runs import Happened

CASES: dict[str, tuple[tuple[Any, ...], Happened]] = {
    "decrypted": (ACCEPTING, Happened.ACCEPTS),
    "refused": (REFUSING, Happened.REFUSES),
    "refused, without a control": ((NO, NO), Happened.REFUSES),
    "refused once": ((NO, OK), Happened.NOTHING),
    "accepted beside one refusal": ((YES, NO, OK), Happened.MIXED),
    "degraded": (DEGRADED, Happened.DEGRADED),
    "untrusted": (UNTRUSTED, Happened.UNTRUSTED),
    "relayed": (RELAYED, Happened.WORKS),
    "relayed and broken": (BROKEN, Happened.BROKEN),
    "relayed and flaky": ((OK, OK, *BROKEN[:1]), Happened.WORKS),
    "refused, and the control failed": ((NO, NO, *BROKEN), Happened.BROKEN),
    "a copy of the genuine leaf passes": (
        (NO, NO, OK, b.accepted(probe_id="mimic_genuine")),
        Happened.NOTHING,
    ),
    "half a request": ((b.accepted(requests=0),), Happened.NOTHING),
    "QUIC": ((b.quic(HOST, port=443),), Happened.NOTHING),
}


@pytest.mark.parametrize(("connections", "happened"), CASES.values(), ids=CASES.keys())
def test_one_word(connections: tuple[Any, ...], happened: Happened) -> None:
    run = session("R3", *connections)
    found = [about for about in run.evidence.endpoints.values() if about.endpoint.host == HOST]
    assert len(found) == 1
    if found[0].endpoint.transport == "tcp":
        assert seen_of(run).happened is happened


def test_every_word_occurs() -> None:
    assert {happened for _, happened in CASES.values()} == set(Happened)


def test_the_counts() -> None:
    seen = seen_of(session("R3", *REFUSING, OK, b.relayed_failed()))
    assert (seen.accepts, seen.refusals, seen.requests, seen.worked, seen.failed, seen.attempts) == (0, 2, 0, 2, 1, 5)
    assert seen_of(session("R3", *ACCEPTING)).requests == 6


def test_what_probes_brought_to_light() -> None:
    def lights(connections: Any) -> tuple[bool, bool, bool]:
        seen = seen_of(session("R2", *connections))
        return seen.copy_accepted, seen.replay_pinned, seen.replay_accepted

    assert lights(COPIED) == (True, False, False)
    assert lights(LEAF) == (False, True, False)
    assert lights(OTHERS_PASS) == (False, False, True)
    assert lights((*COPIED, YES)) == (False, False, False), "what is decrypted says more than a copy"
    assert lights(REFUSING) == (False, False, False)


def test_a_refusal_is_controlled_where_a_relayed_attempt_works() -> None:
    assert seen_of(session("R3", *REFUSING)).controlled
    assert seen_of(session("R3", *OTHERS_PASS)).controlled, "though it is not pinned by itself"
    assert not seen_of(session("R3", *LOOSE)).controlled
    assert not seen_of(session("R3", *MUTE)).controlled
