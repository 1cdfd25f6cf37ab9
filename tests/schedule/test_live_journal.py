"""A journal of a real proxy replays to the decisions that the proxy took."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.live.trap import trap
from tests.live.world import RunningWorld
from tests.simulation import replayed

from pinprobe.events import ProbeApplied
from pinprobe.journal import JournalReader

pytestmark = pytest.mark.live


def test_real_times_and_real_order(tmp_path: Path) -> None:
    """Refusals after the handshake and a neighbour that accepts, side by side: alternation, contrasts and canary."""
    with RunningWorld(tmp_path / "world") as world, trap(world, tmp_path / "reports") as running:
        neighbour = running.start(technique="none", attempts=25, host="canary.shop.test")
        running.run(technique="pin", attempts=25)
        neighbour.wait()
    (path,) = (tmp_path / "reports").glob("*/*/journal.jsonl")
    journal = list(JournalReader(path))
    applied = {event.connection_id: event for event in journal if isinstance(event, ProbeApplied) and event.as_planned}
    decided = {number: choice for number, choice in replayed(journal) if number in applied}
    assert len(decided) >= 50
    assert {number: (choice.probe_id, choice.chain_id) for number, choice in decided.items()} == {
        number: (event.probe_id, event.chain_id) for number, event in applied.items()
    }
    assert {"trusted_ca", "relay", "unknown_ca"} <= {choice.probe_id for choice in decided.values()}
