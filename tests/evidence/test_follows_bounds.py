"""What follows refusals, in a long session and in any order of arrival: bounded, and not lost where bounds are met."""

from __future__ import annotations

from random import Random

import pytest
from tests import builders as b
from tests.builders import Events
from tests.evidence.test_follows import found, one
from tests.rooms import HOST
from tests.rounds import ROUND_S, Part, story, times, told

from pinprobe import events as ev
from pinprobe.evidence import Evidence, How, evidence_of, follows, follows_of
from pinprobe.thresholds import CONTACTS_KEPT, FALLBACK_WINDOW_S, FOLLOWERS_KEPT, MOMENTS_KEPT

NO, OK, YES, HTTP = b.refused_alert(), b.relayed_ok(), b.accepted(), b.cleartext()
ELSEWHERE = b.accepted("backup.example.net")


def quick(number: int, *connections: Events) -> list[Part]:
    """So many rounds in quick succession, far enough apart not to be followed from one to the next."""
    return [(10.0 * at + place, one) for at in range(number) for place, one in enumerate(connections)]


@pytest.mark.parametrize("number", [CONTACTS_KEPT, CONTACTS_KEPT + 1, CONTACTS_KEPT + 9])
def test_what_follows_hundreds_of_times_still_follows(number: int) -> None:
    """More contacts than are kept: the first ones are compared."""
    follow = one(story(*quick(number, NO, HTTP)))
    assert follow.count == CONTACTS_KEPT


def test_what_is_contacted_hundreds_of_times_anyway_follows_nothing() -> None:
    """Most contacts follow a refusal, but one of the first does not."""
    assert found(story(*quick(CONTACTS_KEPT + 9, NO, HTTP), (8.0, HTTP))) == []


def test_a_long_session_keeps_what_it_found() -> None:
    """More attempts than are remembered: what follows the later ones is compared with nothing, and takes nothing away."""
    decided = quick(MOMENTS_KEPT // 2, NO, HTTP, OK)
    later = [(at_s + 10.0 * MOMENTS_KEPT, connection) for at_s, connection in quick(2, NO, HTTP)]
    follow = one(story(*decided, *later))
    assert (follow.count, follow.refused, follow.worked) == (MOMENTS_KEPT // 2,) * 3


def test_places_are_bounded() -> None:
    hosts = [f"host{number}.example.net" for number in range(FOLLOWERS_KEPT + 3)]
    events = told(*times(2, NO, *[b.accepted(host) for host in hosts[:4]]))
    assert [follow.target.host for _, follow in found(events)] == hosts[:4]
    events = story(*[(20.0 * turn + n / 10, c) for turn in (1, 2) for n, c in enumerate([NO, *map(b.accepted, hosts)])])
    assert [follow.target.host for _, follow in found(events)] == sorted(hosts)[:FOLLOWERS_KEPT]


def test_of_many_failures_the_latest_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follows, "REFUSALS_COMPARED", 2)
    near = story((10, NO), (10.1, b.refused_alert("one.example.org")), (10.2, HTTP))
    far = story(
        (10, NO), (10.1, b.refused_alert("one.example.org")), (10.15, b.refused_alert("two.example.org")), (10.2, HTTP)
    )
    followed = [[host for host, follow in found(events) if follow.how is How.HTTP] for events in (near, far)]
    assert followed == [[HOST], ["one.example.org", "two.example.org"]]


def test_of_nothing_nothing_follows() -> None:
    assert follows_of(Evidence()) == {}


def test_the_order_of_arrival_is_nothing() -> None:
    events = told(*times(3, NO, HTTP, ELSEWHERE), (OK,), (YES,))
    whole: dict[int, Events] = {}
    for event in events[1:]:
        assert isinstance(event, ev.ConnectionEvent)
        whole.setdefault(event.connection_id, []).append(event)
    for seed in range(5):
        connections = list(whole.values())
        Random(seed).shuffle(connections)
        shuffled = [events[0], *[event for connection in connections for event in connection]]
        assert follows_of(evidence_of(shuffled)) == follows_of(evidence_of(events))


def test_rounds_are_far_apart() -> None:
    """Else these tables would mean something else."""
    assert ROUND_S > 2 * FALLBACK_WINDOW_S
