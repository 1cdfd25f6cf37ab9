"""replay_sibling: genuine certificates, as they are, without their key."""

import dataclasses

import pytest
from tests.certificates import NOW, bench

from pinprobe.probes import REPLAY_SIBLING, Relation
from pinprobe.x509 import Unservable, mint


def test_the_chain_is_served_as_it_came_and_nothing_is_signed() -> None:
    minted = bench().mint(REPLAY_SIBLING)
    assert (minted.leaf, *minted.chain) == bench().material.replay
    assert minted.key is None
    assert minted.keyless
    assert REPLAY_SIBLING.replays is Relation.SIBLING


def test_it_says_what_it_lacks() -> None:
    nothing = dataclasses.replace(bench().material, replay=())
    with pytest.raises(Unservable, match="no chain of another host"):
        mint(REPLAY_SIBLING, nothing, bench().keys, NOW)
