"""Clients that note, by their own clock, what the proxy must have seen by then.

Each worker is a process with hosts of its own, and asks them in turn, one new TLS connection after the other, until it is
told to pause. What it notes is causal: an answer that it read passed through the proxy before, and so did the hello of a
connection whose certificate it refused.
"""

from __future__ import annotations

import json
import os
import select
import signal
import ssl
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from standin.clients.base import Job
from standin.clients.http_get import get_h1
from standin.clients.tunnel import open_tunnel

SCRIPTS = Path(__file__).parents[1]
TIMEOUT_S = 5.0
PAUSE_S = 0.01
"""As much as keeps a proxy busy."""
AFTER_FAILURE_S = 0.05

ANSWERED, REFUSED, FAILED = "answered", "refused", "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One connection, as its client saw it."""

    host: str
    at_s: float
    """When it was answered, refused or given up."""
    how: str
    intercepted: bool
    """The certificate that was accepted is the proxy's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """A worker's setting."""

    trust: Path
    """PEM bundle of what it believes: with the proxy's CA, or without."""
    hosts: tuple[str, ...]
    """Nobody else's, so that the connections to each come one after the other."""


class Clients:
    """Workers, started on entry and idle then; ended on exit."""

    def __init__(self, crews: tuple[Crew, ...], pause_s: float = PAUSE_S) -> None:
        """`pause_s`: of each worker, between two connections."""
        self._crews = crews
        self._pause_s = pause_s
        self._workers: list[subprocess.Popen[str]] = []

    def go(self, proxy: str) -> None:
        """Begin to connect, through this proxy."""
        for worker in self._workers:
            _order(worker, proxy)

    def pause(self) -> list[Note]:
        """Stop, and tell what was noted since `go`."""
        for worker in self._workers:
            _order(worker, "")
        return [Note(**one) for worker in self._workers for one in _answer(worker)]

    def __enter__(self) -> Self:
        path = os.pathsep.join([str(SCRIPTS), os.environ.get("PYTHONPATH", "")])
        for crew in self._crews:
            self._workers.append(
                subprocess.Popen(
                    [sys.executable, "-m", "stressing.clients", str(self._pause_s), str(crew.trust), *crew.hosts],
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


def counted(notes: list[Note]) -> dict[str, int]:
    """How many were answered, refused and failed."""
    found = Counter(note.how for note in notes)
    return {how: found[how] for how in (ANSWERED, REFUSED, FAILED)}


def _order(worker: subprocess.Popen[str], proxy: str) -> None:
    if worker.stdin is None:
        raise RuntimeError("the worker has no pipe")
    worker.stdin.write(proxy + "\n")
    worker.stdin.flush()


def _answer(worker: subprocess.Popen[str]) -> list[dict[str, Any]]:
    line = worker.stdout.readline() if worker.stdout else ""
    if not line:
        raise RuntimeError("a client ended early; its error is on standard error")
    notes: list[dict[str, Any]] = json.loads(line)
    return notes


def _connect(context: ssl.SSLContext, job: Job) -> bool:
    """Whether the proxy's own certificate was accepted."""
    with context.wrap_socket(open_tunnel(job), server_hostname=job.host) as connection:
        get_h1(connection, job.host, job.path)
        return "mitmproxy" in str(connection.getpeercert())


def _note(context: ssl.SSLContext, job: Job) -> dict[str, object]:
    how, intercepted = ANSWERED, False
    try:
        intercepted = _connect(context, job)
    except ssl.SSLCertVerificationError:
        how = REFUSED
    except (OSError, ValueError):  # reset, or cut in the middle of an answer
        how = FAILED
    return {"host": job.host, "at_s": time.time(), "how": how, "intercepted": intercepted}


def main() -> None:
    """A worker: a line with a proxy's address begins, an empty one ends and is answered by all that was noted."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends it by closing its standard input
    pause_s, trust, hosts = float(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]
    context = ssl.create_default_context(cafile=str(trust))
    context.set_alpn_protocols(["http/1.1"])
    while proxy := sys.stdin.readline().strip():
        notes: list[dict[str, object]] = []
        while not select.select([sys.stdin], [], [], pause_s)[0]:
            job = Job(proxy=proxy, host=hosts[len(notes) % len(hosts)], trust=trust, timeout_s=TIMEOUT_S)
            notes.append(_note(context, job))
            if notes[-1]["how"] == FAILED:
                time.sleep(AFTER_FAILURE_S)
        sys.stdin.readline()
        print(json.dumps(notes), flush=True)


if __name__ == "__main__":
    main()
