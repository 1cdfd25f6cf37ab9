"""Keyless replay with real clients: a pin is told from distrust, on a device that does not trust our CA."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from tests.conftest import WrongVerdict
from tests.live.chosen import chosen
from tests.live.replay_cases import SCENES, Scene
from tests.live.replay_play import Row, unresolved, wrong
from tests.live.replay_stage import Stage, staged
from tests.live.world import World

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def stage(world: World, request: pytest.FixtureRequest) -> Iterator[Stage]:
    with staged(world, request) as ready:
        yield ready


def every(scenes: tuple[Scene, ...]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("scene", scenes, ids=lambda scene: scene.id)


@every(SCENES)
def test_no_reading_is_wrong(scene: Scene, stage: Stage) -> None:
    played = stage(scene)
    assert "pinprobe: error" not in played.output
    faults = [f"{fault}: {row.story}" for row in played.rows if (fault := wrong(row))]
    if faults:
        raise WrongVerdict("\n".join(faults))


@every(SCENES)
def test_what_can_be_resolved_is(scene: Scene, stage: Stage) -> None:
    faults = [f"{fault}: {row.story}" for row in stage(scene).rows if (fault := unresolved(row))]
    assert not faults, "\n".join(faults)


@every(SCENES)
def test_nothing_is_decrypted_under_a_replay(scene: Scene, stage: Stage) -> None:
    played = stage(scene)
    replayed = {e["connection_id"] for e in played.journal if str(e.get("probe_id")).startswith("replay_")}
    for event in played.journal:
        if event.get("connection_id") in replayed:
            assert event["type"] not in {"HandshakeEstablished", "ApplicationDataSeen", "RequestSeen"}, event
            assert not event.get("client_bytes") and not event.get("requests"), event


@every(tuple(scene for scene in SCENES if scene.beside and scene.title.startswith(("boringssl", "okhttp"))))
def test_a_pin_names_its_reference(scene: Scene, stage: Stage) -> None:
    for row in stage(scene).rows:
        if row.rule == "replay_pinned":
            assert "(reference: " in row.endpoint["reason"], row.story


@every(SCENES)
def test_few_connections_fail_for_the_probes_sake(scene: Scene, stage: Stage) -> None:
    """Bounded, and every third connection at least is let through."""
    for row in stage(scene).rows:
        shown = Counter({probe: sum(outcomes.values()) for probe, outcomes in row.endpoint["outcomes"].items()})
        let_through = shown["relay"] + shown["trusted_ca"]
        for_the_probes = shown.total() - let_through
        assert for_the_probes <= 20, row.story
        assert for_the_probes <= 2 * let_through, row.story


def test_both_kinds_of_keys_and_both_versions_were_replayed(stage: Stage, request: pytest.FixtureRequest) -> None:
    asked = chosen(request, Scene)
    rows = [row for scene in SCENES if scene.beside and scene in asked for row in stage(scene).rows]
    if len({row.scene for row in rows}) < len([scene for scene in SCENES if scene.beside]):
        pytest.skip("only some scenes were asked for")
    resolved = {_kind(row) for row in rows if row.rule == "replay_pinned" and not row.scene.trusts}
    wanted = {(c, tls, key) for c in ("boringssl", "okhttp") for tls in ("1.2", "1.3") for key in ("ec", "rsa")}
    assert wanted <= resolved


def _kind(row: Row) -> tuple[str, str, str]:
    return row.part.client, row.part.tls, row.part.host.split(".")[1]


def test_every_scene_has_a_name_of_its_own() -> None:
    titles = [scene.id for scene in SCENES]
    assert len(set(titles)) == len(titles)
