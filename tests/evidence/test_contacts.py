"""Contacts of an endpoint: kept up to a bound, and counted by phase and burst whatever order they come in."""

from __future__ import annotations

from itertools import permutations

import pytest

from pinprobe.evidence.contacts import Contact, Contacts, How
from pinprobe.evidence.phases import Phases
from pinprobe.thresholds import BURST_S, CONTACTS_KEPT


def phases() -> Phases:
    """Control from second 0, the test from second 100 on."""
    made = Phases()
    made.begin(0.0, "control")
    made.begin(100.0, "test")
    return made


def contacts(*seen: tuple[float, int]) -> Contacts:
    """Contacts of clients at these moments."""
    made = Contacts()
    for number, (at_s, client) in enumerate(seen):
        made.add(Contact(at_s, client, number, How.TLS))
    return made


BURSTS: dict[str, tuple[list[tuple[float, int]], dict[str, int]]] = {
    "none": ([], {}),
    "one": ([(1.0, 1)], {"control": 1}),
    "far apart": ([(1.0, 1), (10.0, 1), (20.0, 1)], {"control": 3}),
    "at once": ([(1.0, 1), (1.1, 1), (1.2, 1)], {"control": 1}),
    "at the edge": ([(1.0, 1), (1.0 + BURST_S, 1)], {"control": 1}),
    "just beyond it": ([(1.0, 1), (1.01 + BURST_S, 1)], {"control": 2}),
    "two seconds from the burst's beginning": ([(1.0, 1), (2.5, 1), (4.0, 1)], {"control": 2}),
    "at once, of two clients": ([(1.0, 1), (1.1, 2)], {"control": 2}),
    "across a mark": ([(99.5, 1), (100.5, 1)], {"control": 1, "test": 1}),
    "in both phases": ([(1.0, 1), (10.0, 1), (100.0, 1)], {"control": 2, "test": 1}),
}


@pytest.mark.parametrize(("seen", "counts"), BURSTS.values(), ids=BURSTS.keys())
def test_bursts_in_any_order_of_arrival(seen: list[tuple[float, int]], counts: dict[str, int]) -> None:
    for order in permutations(seen):
        assert contacts(*order).bursts(phases()) == counts


def test_all_contacts_by_phase() -> None:
    assert contacts((99.5, 1), (99.6, 1), (100.0, 1)).in_phase(phases()) == {"control": 2, "test": 1}


@pytest.mark.parametrize(("number", "cut"), [(CONTACTS_KEPT, False), (CONTACTS_KEPT + 1, True)])
def test_the_first_ones_are_kept_and_all_are_counted(number: int, cut: bool) -> None:
    made = contacts(*[(float(at), 1) for at in range(number)])
    assert [contact.at_s for contact in made.kept] == [float(at) for at in range(CONTACTS_KEPT)]
    assert (made.total, made.cut) == (number, cut)


def test_what_is_known_of_a_connection_is_handed_over() -> None:
    mine, theirs = contacts((1.0, 1), (2.0, 1), (3.0, 1)), contacts()
    mine.hand_over(1, theirs)
    assert [contact.at_s for contact in mine.kept] == [1.0, 3.0]
    assert [contact.at_s for contact in theirs.kept] == [2.0]
    assert (mine.total, theirs.total) == (2, 1)


def test_of_a_stranger_nothing_is_handed_over() -> None:
    mine, theirs = contacts((1.0, 1)), contacts()
    mine.hand_over(9, theirs)
    assert (mine.total, len(mine.kept), theirs.total, theirs.kept) == (1, 1, 0, [])


def test_what_is_handed_over_is_bounded_as_well() -> None:
    mine, theirs = contacts((1.0, 1)), contacts(*[(float(at), 1) for at in range(CONTACTS_KEPT)])
    mine.hand_over(0, theirs)
    assert (len(theirs.kept), theirs.total, theirs.cut) == (CONTACTS_KEPT, CONTACTS_KEPT + 1, True)


def test_the_first_word_on_a_repetition_stands() -> None:
    made = Contacts()
    made.repeat(7, 3)
    made.repeat(7, 5)
    assert made.repeats == {7: 3}


def test_repetitions_are_bounded() -> None:
    made = Contacts()
    for number in range(CONTACTS_KEPT + 9):
        made.repeat(number, 1)
    assert list(made.repeats) == list(range(CONTACTS_KEPT))
