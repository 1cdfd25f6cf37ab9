"""replay_genuine: genuine certificates, as they are, without their key."""

import dataclasses

import pytest
from tests.certificates import NOW, bench

from pinprobe.probes import REPLAY_GENUINE, Relation
from pinprobe.x509 import Unservable, mint


def test_the_chain_is_served_as_it_came_and_nothing_is_signed() -> None:
    minted = bench().mint(REPLAY_GENUINE)
    assert (minted.leaf, *minted.chain) == bench().material.genuine
    assert minted.key is None
    assert minted.keyless
    assert REPLAY_GENUINE.replays is Relation.GENUINE


def test_it_says_what_it_lacks() -> None:
    nothing = dataclasses.replace(bench().material, genuine=())
    with pytest.raises(Unservable, match="not known yet"):
        mint(REPLAY_GENUINE, nothing, bench().keys, NOW)
