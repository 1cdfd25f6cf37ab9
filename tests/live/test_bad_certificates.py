"""Certificates that nobody should accept, and genuine ones sent along: who lets which of them pass."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.live.bad_cases import CASES, BadCase
from tests.live.chosen import chosen
from tests.live.conftest import need
from tests.live.play import Json, endpoint_of, job, read_report
from tests.live.trap import trap
from tests.live.world import World
from tests.waiting import eventually

from standin.clients import CLIENTS, run

pytestmark = pytest.mark.live

AT_A_TIME = 3
PAUSE_S = 0.02
SHOWN_EACH = 2
Ready = Callable[[BadCase], Json]


@pytest.fixture(scope="module")
def ready(world: World, request: pytest.FixtureRequest) -> Iterator[Ready]:
    """Plays the cases of this run side by side, each with a proxy of its own."""
    cases = [bad for bad in chosen(request, BadCase) if CLIENTS[bad.client].missing() is None]
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        futures: dict[BadCase, Future[Json]] = {bad: pool.submit(_play, bad, world) for bad in cases}

        def result(bad: BadCase) -> Json:
            need(bad.client)
            return futures[bad].result()

        yield result
        pool.shutdown(cancel_futures=True)


def _play(bad: BadCase, world: World) -> Json:
    """What the report says of the endpoint."""
    device = world.device(trusts=bad.trusts)
    with tempfile.TemporaryDirectory(dir=world.folder) as folder:
        reports = Path(folder)
        with world.proxy(reports=reports, ca_store=device.ca_store, options={"pinprobe_probes": bad.probes}) as proxy:
            asked = job(
                world,
                proxy.address,
                host=bad.host,
                trust=device.trust,
                technique=bad.technique,
                tls=bad.tls,
                attempts=bad.attempts,
                pause_s=PAUSE_S,
                anchors=world.pki.root.chain_path,
            )
            run(CLIENTS[bad.client], asked)
            output = proxy.stop()
        assert "pinprobe: error" not in output, output
        endpoint = endpoint_of(read_report(reports, output), bad.host)
    assert endpoint is not None, output
    return endpoint


def each(cases: tuple[BadCase, ...]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("bad", cases, ids=lambda bad: bad.id)


@each(CASES)
def test_what_passes_is_told_with_its_counts(bad: BadCase, ready: Ready) -> None:
    signals = {s["id"]: s for s in ready(bad)["signals"] if s["id"].startswith("accepts_")}
    accepted = {id: (s["count"], s["of"]) for id, s in signals.items() if s["state"] == "present"}
    assert accepted == {_signal(probe): (SHOWN_EACH, SHOWN_EACH) for probe in bad.passes}


@each(CASES)
def test_every_certificate_that_was_asked_for_is_shown(bad: BadCase, ready: Ready) -> None:
    shown = {probe: sum(outcomes.values()) for probe, outcomes in ready(bad)["outcomes"].items()}
    assert {probe: shown.get(probe) for probe in bad.shown} == dict.fromkeys(bad.shown, SHOWN_EACH)


@each(CASES)
def test_verdict(bad: BadCase, ready: Ready) -> None:
    endpoint = ready(bad)
    assert endpoint["verdict"] == bad.verdict, endpoint["reason"]
    assert bad.rule in {"", endpoint["rule_id"]}, endpoint["reason"]
    for probe in bad.passes:
        assert f"({SHOWN_EACH} of {SHOWN_EACH})" in endpoint["reason"], probe


@each(tuple(bad for bad in CASES if bad.verdict == "pinned" and bad.trusts))
def test_only_pins_that_look_at_what_was_sent_are_bypassed(bad: BadCase, ready: Ready) -> None:
    endpoint = ready(bad)
    (stuffed,) = (signal for signal in endpoint["signals"] if signal["id"] == "stuffed_chain_accepted")
    assert stuffed["of"], "it was not tried"
    assert (stuffed["state"] == "present") == bad.searches_what_was_sent, endpoint["outcomes"]
    if bad.searches_what_was_sent:
        assert (endpoint["rule_id"], endpoint["confidence"]) == ("bypassable_pin", "confirmed")
        assert stuffed["count"] == stuffed["of"]


def test_nothing_bad_is_shown_unasked(world: World, tmp_path: Path) -> None:
    with world.proxy(reports=tmp_path) as proxy:
        run(CLIENTS["python_ssl"], job(world, proxy.address, attempts=24, pause_s=PAUSE_S))
        output = proxy.stop()
    endpoint = endpoint_of(read_report(tmp_path, output), "subject.shop.test")
    assert endpoint is not None
    assert set(endpoint["outcomes"]) <= {"trusted_ca", "relay"}


@pytest.mark.parametrize("probes", ["standard", "self_signed"])
def test_observing_and_probing_exclude_each_other(world: World, tmp_path: Path, probes: str) -> None:
    options = {"pinprobe_mode": "observe", "pinprobe_probes": probes}
    with trap(world, tmp_path, options=options) as t:
        assert eventually(lambda: t.proxy.returncode), "it runs"
    assert "pinprobe_probes and pinprobe_mode=observe exclude each other" in t.output


def test_observing_probes_nothing(world: World, tmp_path: Path) -> None:
    options = {"pinprobe_mode": "observe", "pinprobe_replay_chains": str(world.replay_chains)}
    with world.proxy(reports=tmp_path, options=options) as proxy:
        run(CLIENTS["python_ssl"], job(world, proxy.address, technique="pin", attempts=12, pause_s=PAUSE_S))
        output = proxy.stop()
    endpoint = endpoint_of(read_report(tmp_path, output), "subject.shop.test")
    assert endpoint is not None
    assert set(endpoint["outcomes"]) == {"trusted_ca"}


def _signal(probe: str) -> str:
    return "accepts_untrusted" if probe == "unknown_ca" else f"accepts_{probe}"
