"""What the tests of single traps share: one proxy, a client or two, and the journal it left."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.live.play import Json, endpoint_of, job, read_report
from tests.live.world import World

from standin.clients import CLIENTS, Attempt, start
from standin.clients.base import Run
from standin.proxy import Proxy


@dataclass(slots=True, kw_only=True)
class Trap:
    """A running mitmdump with pinprobe; what it wrote can be read at any time."""

    world: World
    reports: Path
    proxy: Proxy
    output: str = ""
    _runs: list[Run] = field(default_factory=list)

    def start(self, client: str = "python_ssl", **changes: Any) -> Run:
        run = start(CLIENTS[client], job(self.world, **{"proxy": self.proxy.address, **changes}))
        self._runs.append(run)
        return run

    def run(self, client: str = "python_ssl", **changes: Any) -> list[Attempt]:
        return self.start(client, **changes).wait()

    def journal(self) -> list[Json]:
        """All whole lines so far."""
        lines = []
        for path in self.reports.glob("*/*/journal.jsonl"):
            lines += path.read_text(encoding="utf-8").splitlines(keepends=True)
        return [json.loads(line) for line in lines if line.endswith("\n")]

    def events(self, kind: str, **fields: object) -> list[Json]:
        return [
            event for event in self.journal() if event["type"] == kind and all(event[k] == v for k, v in fields.items())
        ]

    def report(self) -> Json:
        return read_report(self.reports, self.output)

    def endpoint(self, host: str, port: int = 443) -> Json:
        found = endpoint_of(self.report(), host, port)
        assert found is not None, f"{host}:{port} is not listed\n{self.output}"
        return found

    def hosts(self) -> set[str]:
        return {one["endpoint"]["host"] for one in self.report()["endpoints"]}

    def stop_clients(self) -> None:
        for run in self._runs:
            run.stop()
        self._runs.clear()


@contextmanager
def trap(world: World, reports: Path, **options: Any) -> Iterator[Trap]:
    """Inside, the proxy runs; after, it was ended by SIGINT and the report is there."""
    with world.proxy(reports=reports, **options) as proxy:
        running = Trap(world=world, reports=reports, proxy=proxy)
        try:
            yield running
            if proxy.returncode is None:
                proxy.stop()
        finally:
            running.output = proxy.output
            running.stop_clients()


def origin_events(world: World) -> list[Mapping[str, Any]]:
    """What the origins saw: connections opened and closed."""
    return [json.loads(line) for line in world.origin_log.read_text(encoding="utf-8").splitlines()]


def still_open(world: World, since_s: float) -> list[Mapping[str, Any]]:
    """Connections to origins that were opened since and have not ended."""
    opened = {}
    for event in origin_events(world):
        if event["event"] == "open" and event["at_s"] >= since_s:
            opened[event["origin"], event["number"]] = event
        elif event["event"] == "close":
            opened.pop((event["origin"], event["number"]), None)
    return list(opened.values())
