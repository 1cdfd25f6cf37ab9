"""Plays one scene: a mitmdump with pinprobe, the clients, the phases marked as a script would; and reads the report."""

from __future__ import annotations

import contextlib
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.live.play import endpoint_of
from tests.live.scenes import Run, Scene
from tests.live.trap import Trap, trap
from tests.live.world import World

from pinprobe import cli
from pinprobe.signals import SIGNALS, Kind
from standin.clients import Attempt
from standin.clients.base import Run as Running
from standin.faulty import FaultyNetwork, often, resets, stalls

Json = dict[str, Any]

DEGRADATIONS = frozenset(
    card.id for card in SIGNALS if card.kind is not Kind.EVIDENCE and not card.id.endswith("_header")
)
FLAKY = often((0.25, resets), (0.05, stalls))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedScene:
    """What came of a scene."""

    scene: Scene
    report: Json
    attempts: tuple[Attempt, ...]
    output: str

    @property
    def fired(self) -> dict[str, str]:
        """Every degradation that is present, by signal: where, with its note."""
        return {
            signal["id"]: f"{one['endpoint']['host']}:{one['endpoint']['port']} {signal['note']}"
            for one in self.report["endpoints"]
            for signal in one["signals"]
            if signal["state"] == "present" and signal["id"] in DEGRADATIONS
        }

    @property
    def endpoint(self) -> Json:
        found = endpoint_of(self.report, *self.scene.place)
        assert found is not None, self.story
        return found

    def state(self, signal_id: str) -> str:
        return next(str(s["state"]) for s in self.endpoint["signals"] if s["id"] == signal_id)

    @property
    def story(self) -> str:
        """All that is needed to understand a failure."""
        told = [
            f"{one['endpoint']['host']}:{one['endpoint']['port']} {one['verdict']}: {one['reason']}"
            for one in self.report["endpoints"]
        ]
        notes = [
            f"  {signal['id']} {signal['state']} {signal['count']}/{signal['of']} {signal['note']}"
            for one in self.report["endpoints"]
            for signal in one["signals"]
            if signal["id"] in DEGRADATIONS and one["endpoint"]["host"] == self.scene.place[0]
        ]
        said = [f"{a.result} at {a.stage}: {a.detail}" for a in self.attempts[-12:]]
        return "\n".join([self.scene.id, *told, *notes, *said, self.output[-1500:]])


def play_scene(scene: Scene, world: World) -> PlayedScene:
    with tempfile.TemporaryDirectory(dir=world.folder) as folder:
        reports = Path(folder)
        attempts: list[Attempt] = []
        with trap(world, reports, options={"pinprobe_phase": scene.phase}) as t, contextlib.ExitStack() as stack:
            for step in scene.play:
                match step:
                    case str():
                        assert cli.main(["mark", step, str(reports)]) == 0
                    case float():
                        time.sleep(step)
                    case _:
                        running = [_start(t, one, stack) for one in step]
                        attempts += [attempt for one in running for attempt in one.wait()]
        return PlayedScene(scene=scene, report=t.report(), attempts=tuple(attempts), output=t.output)


def _start(t: Trap, one: Run, stack: contextlib.ExitStack) -> Running:
    address = t.proxy.address
    if one.flaky:
        seed = sum(map(ord, one.client + one.technique))
        address = stack.enter_context(FaultyNetwork(seed=seed, draw=FLAKY)).before(address)
    return t.start(one.client, proxy=address, technique=one.technique, attempts=one.attempts, **one.more)
