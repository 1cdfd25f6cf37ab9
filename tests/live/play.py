"""Plays one case: starts a mitmdump, lets the clients at it, ends it, reads what the report says."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.live.cases import Case, Truth
from tests.live.world import World

from standin.clients import CLIENTS, Attempt, Job, start
from standin.clients.base import Run

CANARY = "canary.shop.test"
SURE = ("probable", "confirmed")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What came of a case."""

    case: Case
    report: Json
    endpoint: Json | None
    """The subject's part of the report, if the tool saw the endpoint at all."""
    attempts: list[Attempt]
    """What the subject itself says happened."""
    output: str
    """All that mitmdump printed."""

    @property
    def verdict(self) -> str:
        return str(self.endpoint["verdict"]) if self.endpoint else "not listed"

    @property
    def sure(self) -> bool:
        return self.endpoint is not None and self.endpoint["confidence"] in SURE

    @property
    def said(self) -> tuple[str, str]:
        """Verdict and confidence."""
        return self.verdict, str(self.endpoint["confidence"]) if self.endpoint else ""

    @property
    def cell(self) -> str:
        """The column of the confusion matrix."""
        if self.verdict == "pinned":
            return f"pinned {'probable+' if self.sure else 'unproven'}"
        return self.verdict

    @property
    def story(self) -> str:
        """All that is needed to understand a failure."""
        shown = {k: v for k, v in (self.endpoint or {}).items() if k not in {"attempts", "server_chain", "signals"}}
        said = [f"{a.result} at {a.stage}: {a.detail}" for a in self.attempts]
        return "\n".join([self.case.id, json.dumps(shown, indent=1), *said, self.output[-3000:]])


def wrong(truth: Truth, played: Played) -> str | None:
    """Why this verdict may not stand beside this truth; None if it may."""
    verdict = played.verdict
    surely_pinned = verdict == "pinned" and played.sure
    match truth:
        case "unpinned" | "no_validation":
            return None if verdict == "unpinned" else "it is unpinned"
        case "pinned" | "pinned_distrusting":
            return "it is pinned" if verdict == "unpinned" else None
        case "distrusts":
            if surely_pinned:
                return "the client only distrusts the CA"
            return "nothing was decrypted" if verdict == "unpinned" else None
        case "no_evidence":
            if surely_pinned:
                return "the client never judged our certificate, or fails with the real one too"
            return "nothing was decrypted" if verdict == "unpinned" else None
        case "degrades":
            return None if verdict == "suspicious" else "it refused, and then did something weaker"


def play(case: Case, world: World) -> Played:
    with tempfile.TemporaryDirectory(dir=world.folder) as folder:
        reports = Path(folder)
        with world.proxy(reports=reports, ca_store=case.store) as proxy:
            runs = [subject(case, world, proxy.address)]
            if case.canary:
                runs.append(canary(case, world, proxy.address))
            attempts = [run.wait() for run in runs]
            output = proxy.stop()
        report = read_report(reports, output)
    return Played(
        case=case,
        report=report,
        endpoint=endpoint_of(report, case.host),
        attempts=attempts[0],
        output=output,
    )


def read_report(reports: Path, output: str = "") -> Json:
    """The one report in the folder."""
    found = list(reports.glob("*/*/report.json"))
    assert len(found) == 1, f"{found}\n{output}"
    report: Json = json.loads(found[0].read_text(encoding="utf-8"))
    return report


def endpoint_of(report: Json, host: str, port: int = 443) -> Json | None:
    found = [one for one in report["endpoints"] if (one["endpoint"]["host"], one["endpoint"]["port"]) == (host, port)]
    assert len(found) <= 1, f"{host} is listed {len(found)} times"
    return found[0] if found else None


def job(world: World, proxy: str, **changes: Any) -> Job:
    """A job on the trusting device, with all that a technique may ask for."""
    leaf = world.leaf_of(changes.get("host", "subject.shop.test"))
    defaults: dict[str, Any] = {
        "proxy": proxy,
        "host": "subject.shop.test",
        "trust": world.trusting.trust,
        "pin": leaf.pin,
        "fingerprint": leaf.sha256,
        "anchors": world.own.root.chain_path,
    }
    return Job(**{**defaults, **changes})


def subject(case: Case, world: World, proxy: str) -> Run:
    """The client that the case is about, at work."""
    mutual = case.host.startswith("mutual") and case.client == "python_ssl"
    private = case.technique.endswith("anchors") and case.host != "private.shop.test"
    asked = job(
        world,
        proxy,
        host=case.host,
        trust=world.device(trusts=case.trusts).trust,
        technique=case.technique,
        tls=case.tls,
        alpn=case.alpn,
        attempts=case.attempts,
        pause_s=case.pause_s,
        timeout_s=case.timeout_s,
        hold_s=case.hold_s,
        times=6 if case.technique == "relents" else 3,
    )
    if case.pinned_to == "intermediate":
        asked = asked.but(pin=world.pki.intermediate_a.pin)
    if private:
        # Anchors of its own, on a public server: it believes the world's root and nothing else.
        asked = asked.but(anchors=world.pki.root.chain_path)
    if mutual:
        asked = asked.but(client_chain=world.phone.chain_path, client_key=world.phone.key_path)
    return start(CLIENTS[case.client], asked)


def canary(case: Case, world: World, proxy: str) -> Run:
    """The one beside it, at another host."""
    trusts = case.trusts if case.canary_trusts is None else case.canary_trusts
    asked = job(
        world,
        proxy,
        host=CANARY,
        trust=world.device(trusts=trusts).trust,
        technique=case.canary,
        tls=case.tls,
        alpn=case.alpn,
        attempts=max(case.attempts, 10),
        pause_s=case.pause_s,
    )
    return start(CLIENTS[case.client], asked)
