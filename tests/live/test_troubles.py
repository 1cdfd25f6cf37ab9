"""Trouble around one running proxy, one after the other: `scripts/stress troubles`, small."""

from __future__ import annotations

from pathlib import Path

import pytest

from stressing.clients import Clients
from stressing.troubles.clock import CLOCK
from stressing.troubles.full_disk import FULL_DISK
from stressing.troubles.permission import PERMISSION_LOST
from stressing.troubles.play import UNHURRIED_S, play
from stressing.troubles.table import TROUBLES
from stressing.world import running

pytestmark = pytest.mark.live

SUFFERED = (FULL_DISK, PERMISSION_LOST, CLOCK)
"""The others are tried by `scripts/stress troubles`."""


def test_the_proxy_goes_on_and_nothing_is_lost(tmp_path: Path) -> None:
    if missing := [one.missing() for one in SUFFERED if one.missing()]:
        pytest.skip(", ".join(missing))
    with running(tmp_path, hosts=2) as world, Clients(world.crews, UNHURRIED_S) as clients:
        played = play(world, clients, tmp_path / "one", SUFFERED)
    assert played.wrong == ()
    assert played.lost == 0
    assert [one.trouble for one in played.seen] == list(SUFFERED)
    assert all(sum(one.meanwhile.values()) for one in played.seen)


def test_each_has_a_name_of_its_own() -> None:
    assert len({one.name for one in TROUBLES}) == len(TROUBLES)
    assert set(SUFFERED) <= set(TROUBLES)
