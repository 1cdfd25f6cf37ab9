"""Plays cases side by side, as so many apps at one mitmdump: each has its own listener, and a network before it."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.live.cases import Case
from tests.live.play import CANARY, endpoint_of
from tests.live.play import canary as start_canary
from tests.live.play import subject as start_subject
from tests.live.world import ADDON, World

from pinprobe.report.folders import APPS
from standin.clients import Attempt
from standin.faulty import FaultyNetwork
from standin.proxy import Place, Proxy
from stressing.faults.table import NONE, Fault

PATIENCE_S = 2.0
"""Clients give up sooner than in the live suite, since on these networks they often have to."""
OURS = re.compile(r'Addon error|File "[^"]*/pinprobe/|pinprobe: .* failed')
"""What our own mistakes leave in mitmdump's log; mitmproxy's, when it is ended in the midst of its work, are its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What became of one case."""

    case: Case
    fault: Fault
    attempts: tuple[Attempt, ...]
    verdict: str
    confidence: str
    told: Mapping[str, Any]
    """The endpoint in the report, or nothing."""
    canary: tuple[str, str]
    """Verdict and confidence of the canary's endpoint; empty where there is none."""

    @property
    def said(self) -> tuple[str, str]:
        return self.verdict, self.confidence


def play(cases: Sequence[Case], fault: Fault, seed: int, world: World) -> list[Played]:
    """All these cases at once; they must be of one `store`, which is told of the whole session."""
    (store,) = {case.store for case in cases}
    with tempfile.TemporaryDirectory(dir=world.folder) as name, contextlib.ExitStack() as stack:
        reports = Path(name)
        network = stack.enter_context(FaultyNetwork(seed=seed, draw=fault.draw))
        ports = _free_ports(len(cases))
        proxy = Proxy(
            confdir=world.folder / "confdir",
            trust=world.upstream_trust,
            hosts=_behind(network, world.hosts) if fault.side == "upstream" else world.hosts,
            scripts=[ADDON],
            mode=f"regular@127.0.0.1:{ports[0]}",
            more_modes=[f"regular@127.0.0.1:{port}" for port in ports[1:]],
            options={
                "pinprobe_listeners": tuple(f"{port}={_app(number)}" for number, port in enumerate(ports)),
                "pinprobe_ca_store": store,
                "pinprobe_reports": str(reports),
                "pinprobe_live": "off",
                "pinprobe_public_roots": str(world.distrusting.trust),
                **({"pinprobe_replay_chains": str(world.replay_chains)} if seed % 2 else {}),
            },
        )
        stack.enter_context(proxy)
        if not proxy.wait_for(str(ports[-1])):
            raise RuntimeError(f"mitmdump does not listen everywhere:\n{proxy.output}")
        addresses = [f"127.0.0.1:{port}" for port in ports]
        if fault.side == "client" and fault is not NONE:
            addresses = [network.before(address) for address in addresses]
        runs = [
            (start_subject(case, world, address), start_canary(case, world, address) if case.canary else None)
            for case, address in zip(cases, addresses, strict=True)
        ]
        told = []
        for subject, canary in runs:
            told.append(subject.wait(300.0))
            if canary is not None:
                canary.wait(300.0)
        output = proxy.stop(timeout_s=60.0)
        if ours := OURS.search(output):
            raise RuntimeError(
                f"mitmdump's log holds an error of ours:\n{output[max(0, ours.start() - 3000) : ours.end()]}"
            )
        return [
            _played(case, fault, tuple(attempts), _report(reports, _app(number)))
            for number, (case, attempts) in enumerate(zip(cases, told, strict=True))
        ]


def _played(case: Case, fault: Fault, attempts: tuple[Attempt, ...], report: Mapping[str, Any]) -> Played:
    endpoint = endpoint_of(dict(report), case.host) if report else None
    beside = endpoint_of(dict(report), CANARY) if report and case.canary else None
    return Played(
        case=case,
        fault=fault,
        attempts=attempts,
        verdict=endpoint["verdict"] if endpoint else "not listed",
        confidence=(endpoint["confidence"] or "") if endpoint else "",
        told=endpoint or {},
        canary=(beside["verdict"], beside["confidence"] or "") if beside else ("", ""),
    )


def _report(reports: Path, app: str) -> Mapping[str, Any]:
    found = list(reports.glob(f"*/*/{APPS}/{app}/report.json"))
    report: Mapping[str, Any] = json.loads(found[0].read_text(encoding="utf-8")) if found else {}
    return report


def _app(number: int) -> str:
    return f"com.shop{number}.test"


def _behind(network: FaultyNetwork, hosts: Mapping[str, Place]) -> dict[str, Place]:
    """The same hosts, reached through the network: one way for each origin."""
    ways: dict[tuple[str, int], Place] = {}
    found: dict[str, Place] = {}
    for host, place in hosts.items():
        address = place if isinstance(place, tuple) else ("127.0.0.1", place)
        if address not in ways:
            ways[address] = ("127.0.0.1", int(network.before(f"{address[0]}:{address[1]}").rsplit(":", 1)[1]))
        found[host] = ways[address]
    return found


def _free_ports(count: int) -> list[int]:
    """So many that nobody listens on, a moment ago."""
    with contextlib.ExitStack() as stack:
        return list(_bound(stack, count))


def _bound(stack: contextlib.ExitStack, count: int) -> Iterator[int]:
    for _ in range(count):
        one = stack.enter_context(socket.socket())
        one.bind(("127.0.0.1", 0))
        yield int(one.getsockname()[1])
