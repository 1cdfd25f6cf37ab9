"""A stage for scenes: plays those of this run side by side, and tells at the end what was measured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from tests.live.chosen import chosen
from tests.live.replay_cases import Scene
from tests.live.replay_play import PlayedScene, Row, play_scene, wrong
from tests.live.world import World

from standin.clients import CLIENTS

AT_A_TIME = 3
HEAD = ("truth", "device", "verdict", "confidence", "element", "rule", "app")


class Table:
    """Printed with the summary of the run."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if not self.rows:
            return
        terminalreporter.section("keyless replay: what the client is, what the report says")
        cells = [HEAD, *(row.cells for row in self.rows)]
        widths = [max(len(line[column]) for line in cells) for column in range(len(HEAD))]
        for line in cells:
            terminalreporter.write_line("  ".join(f"{cell:{width}}" for cell, width in zip(line, widths, strict=True)))
        faults = sum(wrong(row) is not None for row in self.rows)
        terminalreporter.write_line(f"{len(self.rows)} readings, {faults} of them wrong")


class Stage:
    """Scenes that were begun, and how they ended."""

    def __init__(self, world: World, pool: ThreadPoolExecutor, scenes: Sequence[Scene], table: Table) -> None:
        self._table = table
        self._told: set[Scene] = set()
        self._futures: dict[Scene, Future[PlayedScene]] = {
            scene: pool.submit(play_scene, scene, world) for scene in scenes if not missing(scene)
        }

    def __call__(self, scene: Scene) -> PlayedScene:
        if clients := missing(scene):
            pytest.skip(f"not here: install {clients}")
        played = self._futures[scene].result()
        if scene not in self._told:
            self._told.add(scene)
            self._table.rows += played.rows
        return played


def missing(scene: Scene) -> str:
    """What has to be installed first."""
    wanted = {CLIENTS[part.client].missing() for part in scene.parts}
    return " and ".join(sorted(filter(None, wanted)))


@contextmanager
def staged(world: World, request: pytest.FixtureRequest) -> Iterator[Stage]:
    """With the scenes of this run begun, in the order in which they will be asked for."""
    table = Table()
    request.config.pluginmanager.register(table)
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        yield Stage(world, pool, chosen(request, Scene), table)
        pool.shutdown(cancel_futures=True)
