"""Lookups of names: which of them no traffic of the same client to the same host followed."""

from __future__ import annotations

import pytest

from pinprobe.evidence import lookups as lookups_module
from pinprobe.evidence.contacts import Contact, How
from pinprobe.evidence.lookups import Lookups
from pinprobe.thresholds import LOOKUP_WINDOW_S, LOOKUPS_KEPT

HOST = "api.example.com"
LATE_S = 1000.0


def lookups(*seen: tuple[float, int]) -> Lookups:
    made = Lookups()
    for at_s, client in seen:
        made.add(HOST, client, at_s)
    return made


CASES: dict[str, tuple[list[tuple[float, int]], list[tuple[float, int]], float, list[float]]] = {
    # lookups, contacts, until when, what was left without answer
    "nothing looked up": ([], [(5.0, 1)], LATE_S, []),
    "nothing followed": ([(5.0, 1)], [], LATE_S, [5.0]),
    "followed at once": ([(5.0, 1)], [(5.0, 1)], LATE_S, []),
    "followed at the end of the window": ([(5.0, 1)], [(5.0 + LOOKUP_WINDOW_S, 1)], LATE_S, []),
    "followed too late": ([(5.0, 1)], [(5.1 + LOOKUP_WINDOW_S, 1)], LATE_S, [5.0]),
    "there was traffic before": ([(5.0, 1)], [(4.9, 1)], LATE_S, [5.0]),
    "followed by another client's traffic": ([(5.0, 1)], [(6.0, 2)], LATE_S, [5.0]),
    "traffic may still follow": ([(5.0, 1)], [], 4.9 + LOOKUP_WINDOW_S, []),
    "traffic cannot follow any more": ([(5.0, 1)], [], 5.0 + LOOKUP_WINDOW_S, [5.0]),
    "one connection answers two": ([(5.0, 1), (7.0, 1)], [(8.0, 1)], LATE_S, []),
    "in the order of time": ([(50.0, 1), (5.0, 1)], [], LATE_S, [5.0, 50.0]),
}


@pytest.mark.parametrize(("seen", "contacts", "until_s", "mute"), CASES.values(), ids=CASES.keys())
def test_unanswered(
    seen: list[tuple[float, int]], contacts: list[tuple[float, int]], until_s: float, mute: list[float]
) -> None:
    known = [Contact(at_s, client, number, How.TLS) for number, (at_s, client) in enumerate(contacts)]
    assert lookups(*seen).unanswered(HOST, known, until_s) == mute


def test_another_host_is_another_list() -> None:
    assert lookups((5.0, 1)).unanswered("cdn.example.net", [], LATE_S) == []


def test_lookups_of_a_name_are_bounded_and_the_first_ones_stay() -> None:
    made = lookups(*[(float(number), 1) for number in range(LOOKUPS_KEPT + 9)])
    assert made.by_host == {HOST: [(float(number), 1) for number in range(LOOKUPS_KEPT)]}


def test_names_are_bounded_and_the_known_ones_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookups_module, "ENDPOINTS_KEPT", 2)
    made = Lookups()
    for host in ("a.example", "b.example", "c.example", "a.example"):
        made.add(host, 1, 5.0)
    assert made.by_host == {"a.example": [(5.0, 1)] * 2, "b.example": [(5.0, 1)]}
