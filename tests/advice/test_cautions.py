"""What speaks against a pin set is said where it is seen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.advice.made import CHAIN, DAY_S, ISSUING, LEAF, NOW_S, OWN, ROOT, advised, chain, issued_under, served

from pinprobe.advice import CAUTIONS, Served

LONG = replace(LEAF, not_after_s=NOW_S + 150 * DAY_S)
CALM = chain(LONG, ISSUING, root=ROOT)
SHORT = replace(LEAF, not_before_s=NOW_S - DAY_S, not_after_s=NOW_S + 89 * DAY_S)


def warned(*hosts: Served, own: tuple[str, ...] = (OWN,)) -> dict[str, tuple[str, ...]]:
    return {one.caution.id: one.hosts for one in advised(*hosts, own=own).warned}


def test_with_a_backup_of_ones_own_and_a_long_leaf_nothing_is_left_to_say() -> None:
    assert warned(served("a.example.com", CALM)) == {}


@pytest.mark.parametrize(
    ("id", "host", "own"),
    [
        ("third_party", served("a.example.com", CALM, others="CDN"), (OWN,)),
        ("short_leaf", served("a.example.com", chain(SHORT, ISSUING, root=ROOT)), (OWN,)),
        ("no_backup", served("a.example.com", chain(LONG, ISSUING)), ()),
        ("stopgap", served("a.example.com", CALM), ()),
        ("backup_in_use", served("a.example.com", CALM), (LEAF.pin_sha256,)),
        ("backup_in_use", served("a.example.com", CALM), (ROOT.pin_sha256,)),
        ("several_issuers", served("a.example.com", CALM, issued_under("other")), (OWN,)),
    ],
)
def test_each_where_it_applies(id: str, host: Served, own: tuple[str, ...]) -> None:
    assert warned(host, own=own) == {id: ("a.example.com",)}


def test_an_issuer_named_as_backup_is_none() -> None:
    assert "stopgap" in warned(served("a.example.com", CALM), own=(ISSUING.pin_sha256,))


def test_names_that_were_not_seen() -> None:
    hosts = served("a.example.com", CALM), served("b.example.com", CALM)
    assert warned(*hosts) == {"unseen_hosts": ("a.example.com", "b.example.com")}


def test_the_table_is_whole() -> None:
    assert len({one.id for one in CAUTIONS}) == len(CAUTIONS)
    assert {one.id for one in CAUTIONS if one.applies is None} == {"rotation", "slow_updates"}
    assert all(one.when[0].islower() and one.says.endswith(".") for one in CAUTIONS)
    assert CHAIN.root is not None
