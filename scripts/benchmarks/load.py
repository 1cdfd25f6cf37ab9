"""Clients in processes of their own: new TLS connections through a proxy, one request on each.

Workers live as long as the benchmark, so that starting Python is not measured. Each reads orders as
JSON lines from standard input, and ends with it.
"""

from __future__ import annotations

import json
import os
import signal
import ssl
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from standin.clients.base import Job
from standin.clients.http_get import get_h1
from standin.clients.tunnel import open_tunnel

SCRIPTS = Path(__file__).parents[1]
TIMEOUT_S = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What became of some connections."""

    answered: int
    refused: int
    """The client said no to the certificate, as it must when a contrast probe shows an untrusted one."""
    failed: int
    seconds: float

    @property
    def per_second(self) -> float:
        return (self.answered + self.refused) / self.seconds


class Load:
    """Some workers, started on entry, ended on exit."""

    def __init__(self, *, trust: Path, hosts: list[str], workers: int) -> None:
        self._settings = {"trust": str(trust), "hosts": hosts}
        self._count = workers
        self._workers: list[subprocess.Popen[str]] = []

    def run(self, proxy: str, connections: int) -> Tally:
        """Make that many connections through the proxy, shared among the workers."""
        self.start(proxy, connections)
        return self.result()

    def start(self, proxy: str, connections: int) -> None:
        self._started_s = time.perf_counter()
        for number, worker in enumerate(self._workers):
            share = len(range(number, connections, self._count))
            _write(worker, {"proxy": proxy, "connections": share, "first": number * share})

    def result(self) -> Tally:
        told = [_read(worker) for worker in self._workers]
        return Tally(
            answered=sum(one["answered"] for one in told),
            refused=sum(one["refused"] for one in told),
            failed=sum(one["failed"] for one in told),
            seconds=time.perf_counter() - self._started_s,
        )

    def __enter__(self) -> Self:
        path = os.pathsep.join([str(SCRIPTS), os.environ.get("PYTHONPATH", "")])
        for _ in range(self._count):
            self._workers.append(
                subprocess.Popen(
                    [sys.executable, "-m", "benchmarks.load", json.dumps(self._settings)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    env=os.environ | {"PYTHONPATH": path},
                )
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            if error is not None:
                worker.kill()
            worker.communicate()


def _write(worker: subprocess.Popen[str], order: dict[str, object]) -> None:
    if worker.stdin is None:
        raise RuntimeError("the worker has no pipe")
    worker.stdin.write(json.dumps(order) + "\n")
    worker.stdin.flush()


def _read(worker: subprocess.Popen[str]) -> dict[str, int]:
    line = worker.stdout.readline() if worker.stdout else ""
    if not line:
        raise RuntimeError("a worker ended early; its error is on standard error")
    told: dict[str, int] = json.loads(line)
    return told


def _connect(context: ssl.SSLContext, job: Job) -> None:
    with context.wrap_socket(open_tunnel(job), server_hostname=job.host) as connection:
        get_h1(connection, job.host, job.path)


def main() -> None:
    """A worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends it by closing its standard input
    settings = json.loads(sys.argv[1])
    context = ssl.create_default_context(cafile=settings["trust"])
    context.set_alpn_protocols(["http/1.1"])
    for line in sys.stdin:
        order = json.loads(line)
        hosts = settings["hosts"]
        jobs = [
            Job(proxy=order["proxy"], host=host, trust=Path(settings["trust"]), timeout_s=TIMEOUT_S) for host in hosts
        ]
        tally = {"answered": 0, "refused": 0, "failed": 0}
        for number in range(order["connections"]):
            try:
                _connect(context, jobs[(order["first"] + number) % len(jobs)])
                tally["answered"] += 1
            except ssl.SSLCertVerificationError:
                tally["refused"] += 1
            except OSError:
                tally["failed"] += 1
        print(json.dumps(tally), flush=True)


if __name__ == "__main__":
    main()
