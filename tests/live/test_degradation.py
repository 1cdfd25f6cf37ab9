"""Silent degradation, live: every signal fires on the guilty, and none at all on an innocent twin."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from tests.live.chosen import chosen
from tests.live.conftest import SCENES_PLAYED, need
from tests.live.scene_play import DEGRADATIONS, PlayedScene, play_scene
from tests.live.scenes import SCENES, Scene
from tests.live.world import World

pytestmark = pytest.mark.live

AT_A_TIME = 6
"""Scenes played at once: most of them mostly wait."""


@pytest.fixture(scope="module")
def stage(world: World, request: pytest.FixtureRequest) -> Iterator[Callable[[Scene], PlayedScene]]:
    """Plays the scenes of this run side by side, in their order."""
    played = request.config.stash.setdefault(SCENES_PLAYED, [])
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        futures: dict[str, Future[PlayedScene]] = {
            scene.id: pool.submit(play_scene, scene, world) for scene in chosen(request, Scene)
        }

        def result(scene: Scene) -> PlayedScene:
            done = futures[scene.id].result()
            played.append(done)
            return done

        yield result
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("deed", SCENES, ids=lambda deed: deed.id)
def test_scene(deed: Scene, stage: Callable[[Scene], PlayedScene]) -> None:
    for step in deed.play:
        for one in step if isinstance(step, tuple) else ():
            need(one.client)
    played = stage(deed)
    fired = set(played.fired)
    assert not [notice for notice in played.report["notices"] if notice["id"] == "tool_error"], played.story
    if deed.fires is None:
        assert not fired, f"{played.fired}\n{played.story}"
    else:
        assert played.state(deed.fires) == "present", played.story
        assert fired <= {deed.fires, *deed.beside}, f"{played.fired}\n{played.story}"
    if deed.verdict is not None:
        assert played.endpoint["verdict"] == deed.verdict, played.story


def test_every_signal_has_its_guilty_scene() -> None:
    """Two are not here: runs are compared in tests/runs, and a lookup past the proxy in test_phases."""
    shown = {scene.fires for scene in SCENES} | {signal for scene in SCENES for signal in scene.beside}
    assert DEGRADATIONS - shown == {"flips_between_runs", "bypass", "declared_but_not_enforced"}


def test_scenes_have_names_of_their_own() -> None:
    assert len({scene.id for scene in SCENES}) == len(SCENES)
