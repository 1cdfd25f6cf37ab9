"""A replay is sealed: the handshake cannot complete, so nothing of a client's data reaches the proxy or a server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.live.conftest import need
from tests.live.replay_hosts import SEALED
from tests.live.trap import Trap, origin_events, trap
from tests.live.world import World
from tests.waiting import eventually

from standin.clients import Attempt

pytestmark = pytest.mark.live

STACKS = (
    ("boringssl", "none"),
    ("boringssl", "store"),
    ("okhttp", "none"),
    ("curl", "none"),
    ("python_ssl", "none"),
    ("aiohttp", "none"),
)
ENOUGH = 30


def options(world: World, **more: str) -> dict[str, str]:
    chains, roots = str(world.replay_chains), str(world.distrusting.trust)
    return {"pinprobe_replay_chains": chains, "pinprobe_public_roots": roots, **more}


def shown(t: Trap) -> Counter[str]:
    return Counter(event["probe_id"] for event in t.events("ProbeApplied"))


def spoken_to(world: World) -> int:
    """Connections on which the sealed origin received anything inside TLS, since the world began."""
    return sum(e["event"] == "close" and e["origin"] == "sealed" and e["received"] > 0 for e in origin_events(world))


def finished(world: World) -> bool:
    events = Counter(e["event"] for e in origin_events(world) if e["origin"] == "sealed")
    return events["open"] == events["close"]


@pytest.mark.parametrize("tls", ["1.2", "1.3"])
@pytest.mark.parametrize(("client", "technique"), STACKS)
def test_nothing_reaches_anybody(world: World, tmp_path: Path, client: str, technique: str, tls: str) -> None:
    """On a device that distrusts the CA only relays work: the server hears of them, and of nothing else."""
    need(client)
    before = spoken_to(world)
    with trap(world, tmp_path, ca_store="user", options=options(world)) as t:
        attempts = t.run(
            client,
            technique=technique,
            host=SEALED,
            tls=tls,
            trust=world.distrusting.trust,
            attempts=ENOUGH,
            pause_s=0.02,
        )
    probes = shown(t)
    # aiohttp closes without an alert, for which the probe is blind, so it is never replayed to.
    if client != "aiohttp":
        assert min(probes["replay_genuine"], probes["replay_foreign"], probes["replay_sibling"]) >= 2, probes
    assert not t.events("RequestSeen") and not t.events("ApplicationDataSeen")
    assert not t.events("HandshakeEstablished")
    assert eventually(lambda: finished(world))
    assert spoken_to(world) - before == answered(attempts)
    assert 0 < answered(attempts) <= probes["relay"] + probes["relay_delayed"]


def test_a_client_that_accepts_any_chain_is_sealed_off_too(world: World, tmp_path: Path) -> None:
    """It accepts our CA, so it is asked to vouch; what it never accepts is a signature that nobody made."""
    need("boringssl")
    with trap(world, tmp_path, options=options(world)) as t:
        pinned = t.start("boringssl", technique="pin", host="leaf.ec.replay.test", attempts=36, pause_s=0.03)
        t.run("boringssl", technique="none", host="free.ec.replay.test", attempts=36, pause_s=0.03)
        pinned.wait()
    replayed = {e["connection_id"] for e in t.events("ProbeApplied") if e["probe_id"].startswith("replay_")}
    accepting = {e["connection_id"] for e in t.events("ClientHelloSeen", sni="free.ec.replay.test")}
    assert len(replayed & accepting) >= 6
    for kind in ("HandshakeEstablished", "ApplicationDataSeen", "RequestSeen"):
        assert not replayed & {e["connection_id"] for e in t.events(kind)}


def test_contrasts_and_replays_can_be_turned_off(world: World, tmp_path: Path) -> None:
    need("boringssl")
    with trap(world, tmp_path, options=options(world, pinprobe_contrasts="off")) as t:
        pinned = t.start("boringssl", technique="pin", host="leaf.ec.replay.test", attempts=24, pause_s=0.02)
        t.run("boringssl", technique="none", host="free.ec.replay.test", attempts=24, pause_s=0.02)
        t.run("python_ssl", technique="pin", host="post.ec.replay.test", attempts=16, pause_s=0.02)
        pinned.wait()
    assert set(shown(t)) == {"trusted_ca", "relay"}


def test_chains_that_cannot_be_replayed_are_refused_with_the_reason(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "chains"
    folder.mkdir()
    for host in ("private.shop.test", "expired.shop.test", "subject.shop.test"):
        (folder / f"{host}.pem").write_bytes(world.leaves[host].chain_path.read_bytes())
    leaf_only = world.leaves["far.replay.test"].chain_path.read_text().split("-----END CERTIFICATE-----")[0]
    (folder / "incomplete.pem").write_text(f"{leaf_only}-----END CERTIFICATE-----\n")
    with trap(world, tmp_path / "r", options=options(world, pinprobe_replay_chains=str(folder))) as t:
        t.run("python_ssl", attempts=1)
    because = {e["host"]: e["refused_because"] for e in t.events("ReplayChainKnown", source="file")}
    assert "expired on" in because["expired.shop.test"]
    assert "neither sent nor" in because["private.shop.test"]
    assert "neither sent nor" in because["far.replay.test"]
    assert because.pop("127.0.0.1", because.get("canary.shop.test", "")) == ""
    for host, reason in because.items():
        if reason:
            assert f"the chain of {host} cannot be replayed: {reason}" in t.output


def answered(attempts: Sequence[Attempt]) -> int:
    return sum(attempt.result == "response" for attempt in attempts)
