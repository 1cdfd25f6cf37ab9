"""Clients in processes of their own: new TLS connections through a proxy, one request on each.

Workers live as long as the benchmark, so that starting Python is not measured. Each reads orders as
JSON lines from standard input, and ends with it.
"""

from __future__ import annotations

import json
import signal
import ssl
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self

from benchmarks.rounds import Turn
from benchmarks.worker import Worker
from standin.clients.base import Job
from standin.clients.http_get import get_h1
from standin.clients.tunnel import open_tunnel

TIMEOUT_S = 30.0
WORKERS = 2


class Load:
    """Some workers, started on entry, ended on exit."""

    def __init__(self, *, trust: Path) -> None:
        self._trust = trust
        self._workers: list[Worker] = []
        self._started_s = 0.0

    def run(self, proxy: str, hosts: Sequence[str], *, at_once: int, tls: str = "any") -> Turn:
        """A connection to each of the hosts, through the proxy, so many at once."""
        self.start(proxy, hosts, at_once=at_once, tls=tls)
        return self.result()

    def start(self, proxy: str, hosts: Sequence[str], *, at_once: int, tls: str = "any") -> None:
        self._started_s = time.perf_counter()
        busy = min(at_once, WORKERS)
        for number, worker in enumerate(self._workers):
            mine = list(hosts[number::busy]) if number < busy else []
            worker.write({"proxy": proxy, "hosts": mine, "at_once": max(1, at_once // busy), "tls": tls})

    def result(self) -> Turn:
        told = [worker.read() for worker in self._workers]
        seconds = time.perf_counter() - self._started_s
        return Turn(
            amount=sum(one["answered"] + one["refused"] for one in told),
            seconds=seconds,
            refused=sum(one["refused"] for one in told),
            failed=sum(one["failed"] for one in told),
        )

    def __enter__(self) -> Self:
        self._workers = [Worker("benchmarks.load", str(self._trust)) for _ in range(WORKERS)]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.end(kill=error is not None)


def _connect(context: ssl.SSLContext, job: Job) -> str:
    try:
        with context.wrap_socket(open_tunnel(job), server_hostname=job.host) as connection:
            get_h1(connection, job.host, job.path)
    except ssl.SSLCertVerificationError:
        return "refused"  # as it must when a contrast shows an untrusted one
    except OSError:
        return "failed"
    return "answered"


def _context(trust: str, tls: str) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=trust)
    context.set_alpn_protocols(["http/1.1"])
    if tls == "1.2":
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    elif tls == "1.3":
        context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context


def main() -> None:
    """A worker."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends it by closing its standard input
    trust = sys.argv[1]
    contexts = {tls: _context(trust, tls) for tls in ("any", "1.2", "1.3")}
    for line in sys.stdin:
        order = json.loads(line)
        context = contexts[order["tls"]]
        jobs = [Job(proxy=order["proxy"], host=host, trust=Path(trust), timeout_s=TIMEOUT_S) for host in order["hosts"]]
        with ThreadPoolExecutor(order["at_once"]) as pool:
            ends = Counter(pool.map(lambda job, context=context: _connect(context, job), jobs))
        print(json.dumps({"answered": 0, "refused": 0, "failed": 0} | ends), flush=True)


if __name__ == "__main__":
    main()
