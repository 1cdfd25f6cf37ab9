"""Genuine chains: whose may be replayed to whom, and as what."""

from __future__ import annotations

import pytest

from pinprobe.events import ReplayChainKnown
from pinprobe.schedule.chains import FOREIGN, GENUINE, SIBLING, ChainBook
from pinprobe.thresholds import REPLAY_CHAINS_KEPT


def chain(
    chain_id: str,
    issuer: str | None = "one",
    marks: tuple[str, ...] = ("one",),
    *,
    source: str = "session",
    refused: str = "",
    own_refused: str = "",
) -> ReplayChainKnown:
    return ReplayChainKnown(
        at_s=0.0,
        chain_id=chain_id,
        host=f"{chain_id}.example",
        source=source,
        leaf_pin=f"leaf of {chain_id}",
        issuer_pin=issuer,
        marks=marks,
        public=True,
        refused_because=refused,
        own_refused_because=own_refused,
    )


def book(*chains: ReplayChainKnown) -> ChainBook:
    made = ChainBook()
    for one in chains:
        made.learn(one)
    return made


OWN = chain("own", "one", ("one", "root"))
RELATIONS = {
    "its own": ("own", OWN, GENUINE),
    "the same issuing key": ("other", chain("other", "one", ("one", "root")), SIBLING),
    "another CA": ("other", chain("other", "two", ("two", "root two")), FOREIGN),
    "another intermediate of the same root": ("other", chain("other", "two", ("two", "root")), None),
    "an unknown issuer, with nothing in common": ("other", chain("other", None, ("two",)), FOREIGN),
    "refused": ("other", chain("other", "two", ("two",), refused="expired"), None),
    "never met": ("another", chain("other", "two", ("two",)), None),
}


@pytest.mark.parametrize(("chain_id", "other", "relation"), RELATIONS.values(), ids=RELATIONS.keys())
def test_relations(chain_id: str, other: ReplayChainKnown, relation: str | None) -> None:
    assert book(OWN, other).relation("own", chain_id) == relation


def test_a_chain_whose_authorities_nobody_knows_is_related_to_none() -> None:
    """One that could not be read has no marks: to take it for foreign could make a pinned client look unpinned."""
    unread = chain("unread", None, (), refused="unreadable", own_refused="unreadable")
    made = book(unread, OWN, chain("other", None, ()))
    for own, other in (("unread", "own"), ("own", "unread"), ("unread", "unread"), ("own", "other"), ("other", "own")):
        assert made.relation(own, other) is None


def test_two_unknown_issuers_are_no_siblings() -> None:
    made = book(chain("own", None, ("one",)), chain("other", None, ("two",)))
    assert made.relation("own", "other") == FOREIGN


def test_a_chain_that_may_not_go_to_others_may_go_to_its_own_host() -> None:
    assert book(chain("own", refused="not publicly trusted")).relation("own", "own") == GENUINE
    assert book(chain("own", own_refused="expired")).relation("own", "own") is None


def test_foreign_chains_are_of_different_authorities() -> None:
    made = book(
        OWN,
        chain("a", "two", ("two", "root two")),
        chain("b", "three", ("three", "root two")),
        chain("c", "four", ("four",)),
    )
    assert made.related("own", FOREIGN) == ["a", "c"]


def test_files_come_first() -> None:
    made = book(OWN, chain("a", "two", ("two",)), chain("b", "three", ("three",), source="file"))
    assert made.related("own", FOREIGN) == ["b", "a"]


def test_the_first_word_about_a_chain_stands_and_their_number_is_bounded() -> None:
    made = book(OWN, chain("own", "two", ("two",)))
    assert made.related("own", SIBLING) == []
    many = book(*[chain(f"chain {number}") for number in range(REPLAY_CHAINS_KEPT + 5)])
    assert many.relation(f"chain {REPLAY_CHAINS_KEPT - 1}", "chain 0") == SIBLING
    assert many.relation(f"chain {REPLAY_CHAINS_KEPT}", "chain 0") is None
