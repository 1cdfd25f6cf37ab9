"""Plays one app of several hosts, and says what may not stand beside the truth."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.live.play import SURE, Json, endpoint_of, job, read_report
from tests.live.replay_cases import TRUST_MANAGERS, Part, Scene, What
from tests.live.world import World

from pinprobe.signals.replay import WORDS, Element
from standin.clients import CLIENTS, start
from standin.clients.base import Run

ELEMENTS: dict[What, Element] = {"leaf": Element.LEAF, "ca": Element.CA, "private": Element.PRIVATE_STORE}
PAUSE_S = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What the report says of one part."""

    scene: Scene
    part: Part
    endpoint: Json

    @property
    def verdict(self) -> str:
        return str(self.endpoint["verdict"])

    @property
    def confidence(self) -> str:
        return str(self.endpoint["confidence"])

    @property
    def rule(self) -> str:
        return str(self.endpoint["rule_id"])

    @property
    def surely_pinned(self) -> bool:
        return self.verdict == "pinned" and self.confidence in SURE

    def signal(self, id: str) -> Json:
        found: Json = next(signal for signal in self.endpoint["signals"] if signal["id"] == id)
        return found

    @property
    def element(self) -> Element:
        """What the replayed chains say."""
        if self.signal("replay_accepted")["state"] == "present":
            return Element.NONE
        pinned = self.signal("replay_pinned")
        if pinned["state"] != "present":
            return Element.BLIND
        return next(element for element, words in WORDS.items() if pinned["note"].startswith(f"{words}: "))

    @property
    def cells(self) -> tuple[str, ...]:
        part = self.part
        device = "trusts" if self.scene.trusts else "distrusts"
        truth = f"{part.what:9} {part.client} {part.technique} TLS {part.tls}"
        return truth, device, self.verdict, self.confidence, self.element, self.rule, self.scene.title

    @property
    def story(self) -> str:
        """All that is needed to understand a failure."""
        shown = {
            k: v for k, v in self.endpoint.items() if k in {"verdict", "confidence", "rule_id", "reason", "missing"}
        }
        shown["outcomes"] = self.endpoint["outcomes"]
        shown["alerts"] = [
            f"{p['probe_id']}: {p['outcome']} {p['alert'] and p['alert']['number']} {p['tls_version']} {p['count']}x"
            for p in self.endpoint["patterns"]
        ]
        shown["replay_pinned"] = self.signal("replay_pinned")["note"]
        return f"{self.scene.id}: {self.part.name}\n{json.dumps(shown, indent=1)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedScene:
    """What came of a scene."""

    scene: Scene
    rows: tuple[Row, ...]
    report: Json
    journal: tuple[Json, ...]
    responses: int
    """Answers that clients got."""
    output: str


def options_of(scene: Scene, world: World) -> dict[str, str]:
    """What the tester of this lab says: its roots, and the folder of chains."""
    roots = {"pinprobe_public_roots": str(world.distrusting.trust)}
    return {**roots, "pinprobe_replay_chains": str(world.replay_chains)} if scene.files else roots


def play_scene(scene: Scene, world: World) -> PlayedScene:
    with tempfile.TemporaryDirectory(dir=world.folder) as folder:
        reports = Path(folder)
        store = world.device(trusts=scene.trusts).ca_store
        with world.proxy(reports=reports, ca_store=store, options=options_of(scene, world)) as proxy:
            runs: list[Run] = []
            for part in scene.parts:
                if scene.in_turn and runs:
                    runs[-1].wait()
                runs.append(_client(scene, part, world, proxy.address))
            said = [run.wait() for run in runs]
            output = proxy.stop()
        report = read_report(reports, output)
        (journal,) = reports.glob("*/*/journal.jsonl")
        lines = tuple(map(json.loads, journal.read_text(encoding="utf-8").splitlines()))
    rows = []
    for part in scene.parts:
        endpoint = endpoint_of(report, part.host)
        assert endpoint is not None, f"{part.name} is not listed\n{output}"
        rows.append(Row(scene=scene, part=part, endpoint=endpoint))
    return PlayedScene(
        scene=scene,
        rows=tuple(rows),
        report=report,
        journal=lines,
        responses=sum(attempt.result == "response" for attempts in said for attempt in attempts),
        output=output,
    )


def _client(scene: Scene, part: Part, world: World, proxy: str) -> Run:
    asked = job(
        world,
        proxy,
        host=part.host,
        trust=world.device(trusts=scene.trusts).trust,
        technique=part.technique,
        tls=part.tls,
        attempts=scene.attempts,
        pause_s=PAUSE_S,
        sni=part.sni,
        hosts=part.hosts,
    )
    if part.what == "ca":
        issuer = world.pki.intermediate_a if ".ec." in part.host else world.pki.intermediate_b
        asked = asked.but(pin=issuer.pin, anchors=world.pki.root.chain_path)
    if part.what == "roots":
        asked = asked.but(anchors=world.distrusting.trust)
    return start(CLIENTS[part.client], asked)


def wrong(row: Row) -> str | None:
    """Why this reading may not stand beside the truth; None if it may."""
    what, trusts = row.part.what, row.scene.trusts
    if (row.verdict == "unpinned") != (what == "trust-all" or (what == "none" and trusts)):
        return "it is no more and no less than decrypted"
    if row.surely_pinned and what in {"none", "roots", "trust-all"}:
        return "nothing is pinned"
    if row.element in ELEMENTS.values() and row.element is not ELEMENTS.get(what):
        return "the element is another one"
    if row.element is Element.LEAF_OR_CA and what not in {"leaf", "ca"}:
        return "no element of the chain is pinned"
    if row.element is Element.NONE and what in ELEMENTS:
        return "the trust manager holds a pin"
    return None


def unresolved(row: Row) -> str | None:
    """Why this reading is less than what can be had; None if it is all of it."""
    what, trusts, scene = row.part.what, row.scene.trusts, row.scene
    android = row.part.client in TRUST_MANAGERS and not row.part.technique.startswith("store")
    if not android:
        return None
    if what in ELEMENTS and scene.beside:
        # This trust manager searches the served chain: where it trusts our CA, a stuffed one deceives it.
        rule = "bypassable_pin" if row.part.technique == "manager" and trusts else "replay_pinned"
        if (row.rule, row.confidence, row.element) != (rule, "confirmed", ELEMENTS[what]):
            return "its reference is there"
    if what in ELEMENTS and not scene.beside and scene.title.startswith("alone"):
        if (row.verdict, row.confidence) != ("pinned", "unproven"):
            return "alone it is unproven"
        if "a reference is missing" not in row.signal("replay_pinned")["note"]:
            return "it should say that a reference is missing"
    if what in {"none", "after"} and not trusts and not row.part.sni:
        if (row.verdict, row.rule) != ("inconclusive", "distrusts_ca_only"):
            return "it accepts genuine chains of other CAs"
    if what == "roots" and (row.verdict, row.rule) != ("inconclusive", "distrusts_ca_only"):
        return "it accepts genuine chains of other CAs"
    if what == "after" and trusts and scene.beside and not row.surely_pinned:
        return "it refuses after the handshake, and a reference is there"
    return None
