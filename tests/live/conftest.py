"""What the live tests share: one world, and a stage on which several cases are played at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from tests.live.cases import Case
from tests.live.chosen import chosen
from tests.live.play import Played, play
from tests.live.scene_play import PlayedScene
from tests.live.world import RunningWorld, World

from standin.clients import CLIENTS

AT_A_TIME = 4
"""Cases played at once: many of them mostly wait."""

PLAYED = pytest.StashKey[list[Played]]()
SCENES_PLAYED = pytest.StashKey[list[PlayedScene]]()

COLUMNS = (
    "unpinned",
    "pinned probable+",
    "pinned unproven",
    "suspicious",
    "inconclusive",
    "not_tested",
    "not listed",
)


def need(client: str) -> None:
    """Skip, and say what to install, where a client cannot run."""
    if missing := CLIENTS[client].missing():
        pytest.skip(f"{CLIENTS[client].title} is not here: install {missing}")


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with RunningWorld(tmp_path_factory.mktemp("world")) as running:
        yield running


@pytest.fixture(scope="session")
def stage(world: World, request: pytest.FixtureRequest) -> Iterator[Callable[[Case], Played]]:
    """Plays the cases of this run side by side, in the order in which they will be asked for."""
    ready = [case for case in chosen(request, Case) if CLIENTS[case.client].missing() is None]
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        futures: dict[Case, Future[Played]] = {case: pool.submit(play, case, world) for case in ready}
        played = request.config.stash.setdefault(PLAYED, [])

        def result(case: Case) -> Played:
            done = futures[case].result()
            if done not in played:
                played.append(done)
            return done

        yield result
        pool.shutdown(cancel_futures=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    _confusion_matrix(terminalreporter, config)
    _degradations(terminalreporter, config.stash.get(SCENES_PLAYED, []))


def _degradations(terminalreporter: pytest.TerminalReporter, played: list[PlayedScene]) -> None:
    """By signal: on how many guilty scenes it fired, and on how many innocent ones it stayed silent."""
    if not played:
        return
    terminalreporter.section("silent degradation: fired on the guilty, silent on the innocent")
    innocent = [one for one in played if one.scene.fires is None]
    for signal in sorted({one.scene.fires for one in played if one.scene.fires}):
        guilty = [one for one in played if one.scene.fires == signal]
        fired = sum(signal in one.fired for one in guilty)
        silent = sum(signal not in one.fired for one in innocent)
        terminalreporter.write_line(f"{signal:28} fired {fired} of {len(guilty)}   silent {silent} of {len(innocent)}")


def _confusion_matrix(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    played = config.stash.get(PLAYED, [])
    if not played:
        return
    counts = Counter((one.case.truth, one.cell) for one in played)
    terminalreporter.section("live confusion matrix: what the client is, what the report says")
    width = max(len(column) for column in COLUMNS) + 2
    terminalreporter.write_line(" " * 20 + "".join(f"{column:>{width}}" for column in COLUMNS))
    for truth in sorted({one.case.truth for one in played}):
        cells = (counts[truth, column] or "·" for column in COLUMNS)
        terminalreporter.write_line(f"{truth:20}" + "".join(f"{cell:>{width}}" for cell in cells))
    if config.get_verbosity() > 0:
        for one in played:
            rule = one.endpoint["rule_id"] if one.endpoint else ""
            reason = one.endpoint["reason"] if one.endpoint else ""
            terminalreporter.write_line(f"{one.case.id:60} {one.cell:17} {rule:26} {reason}")
    asked = [one for one in played if one.case.counts_as_pinned]
    if asked:
        found = sum(one.cell == "pinned probable+" for one in asked)
        terminalreporter.write_line(f"pinned beside a canary: {found} of {len(asked)} probable or better")
