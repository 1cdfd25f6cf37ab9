"""What every kind of client is asked to do, and how it says what happened.

A client is a process. It is told its job as `name=value` arguments, makes its attempts one after the
other, and prints one JSON line for each: what truly happened, as the client itself knows it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal

SCRIPTS = Path(__file__).parents[2]
CACHE = SCRIPTS.parent / "build" / "standin"
"""Where compiled clients are kept unless STANDIN_CACHE names another folder."""

Result = Literal["response", "refused", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One app's use of one host."""

    proxy: str
    host: str
    trust: Path
    """PEM bundle: what the device trusts. Techniques with anchors of their own look at `anchors`."""
    port: int = 443
    technique: str = "none"
    attempts: int = 1
    pause_s: float = 0.05
    timeout_s: float = 5.0
    tls: Literal["any", "1.2", "1.3"] = "any"
    alpn: str = "http/1.1"
    """`http/1.1`, `h2` (with HTTP/1.1 as second choice), or nothing."""
    path: str = "/"
    pin: str = ""
    """pin-sha256 that pinning techniques insist on; curl and the verifiers match any chain element. OkHttp takes several,
    separated by commas."""
    fingerprint: str = ""
    """SHA-256 of the leaf in hex, for aiohttp, which compares whole certificates."""
    anchors: Path | None = None
    sni: str = ""
    """Empty: the host. `-`: none at all. Else that name."""
    hold_s: float = 0.0
    """How long idle connections are held open before they are closed."""
    times: int = 3
    """For techniques that change their mind: how many attempts go by before. For others: how many of a thing."""
    keep: int = 1
    """Requests made on one connection, one after the other."""
    other_host: str = ""
    """Where techniques go that ask elsewhere: after a refusal, or besides."""
    other_port: int = 443
    """The port they ask `other_host` at, or `fallback-port` the very host."""
    report_host: str = ""
    """Who is told, over TLS and without a pin, by techniques that report or count."""
    report_format: Literal["trustkit", "hpkp", "expect-ct"] = "trustkit"
    hosts: str = ""
    """More hosts, separated by commas: the Python client then goes round all of them."""
    client_chain: Path | None = None
    client_key: Path | None = None
    via: Literal["http", "socks5", "direct"] = "http"
    """How the host is reached; `direct` knows of no proxy, and looks the name up."""

    def arguments(self) -> list[str]:
        return [f"{f.name}={value}" for f in fields(self) if (value := getattr(self, f.name)) not in (None, "")]

    @classmethod
    def parse(cls, arguments: list[str]) -> Job:
        """The inverse of `arguments`, for clients written in Python."""
        given: dict[str, Any] = dict(argument.split("=", 1) for argument in arguments)
        for name in given:
            if name in {"trust", "anchors", "client_chain", "client_key"}:
                given[name] = Path(given[name])
            elif name in {"port", "attempts", "times", "keep", "other_port"}:
                given[name] = int(given[name])
            elif name.endswith("_s"):
                given[name] = float(given[name])
        return cls(**given)

    def but(self, **changes: Any) -> Job:
        return replace(self, **changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One line of truth."""

    result: Result
    """`response`: bytes of an answer came. `refused`: the client judged the certificate and said no.
    `failed`: anything else, be it the network, a time-out, or a close that was its plan."""
    stage: str
    """How far it got: proxy, handshake, check, request, response."""
    detail: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)

    def also(self, **more: object) -> Attempt:
        return replace(self, more={**self.more, **more})


def answered(detail: object, **more: object) -> Attempt:
    return Attempt(result="response", stage="response", detail=str(detail), more=more)


def refused(stage: str, detail: object, **more: object) -> Attempt:
    return Attempt(result="refused", stage=stage, detail=str(detail), more=more)


def failed(stage: str, detail: object, **more: object) -> Attempt:
    return Attempt(result="failed", stage=stage, detail=str(detail), more=more)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientKind:
    name: str
    title: str
    techniques: tuple[str, ...]
    missing: Callable[[], str | None]
    """None if it can run here, else what to install."""
    command: Callable[[Job], list[str]]


class Run:
    """A client at work. Its attempts can be read once it has ended."""

    def __init__(self, kind: ClientKind, job: Job) -> None:
        if job.technique not in kind.techniques:
            raise ValueError(f"{kind.name} knows no technique {job.technique!r}")
        self.kind = kind
        self.job = job
        self._stopped = False
        self._said: list[Attempt] | None = None
        path = os.pathsep.join([str(SCRIPTS), os.environ.get("PYTHONPATH", "")])
        environment = {**os.environ, "PYTHONPATH": path}
        # The job names its proxy; one from the user's own surroundings must not slip in.
        for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
            environment.pop(name, None)
            environment.pop(name.upper(), None)
        self._process = subprocess.Popen(
            kind.command(job),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            env=environment,
        )

    def stop(self) -> list[Attempt]:
        """End it in the midst of its work, and tell what it had done."""
        if self._said is None:
            self._stopped = True
            self._process.terminate()
        return self.wait()

    def wait(self, timeout_s: float = 120.0) -> list[Attempt]:
        if self._said is None:
            try:
                stdout, stderr = self._process.communicate(timeout=timeout_s)
            except subprocess.TimeoutExpired:
                self._process.kill()
                stdout, stderr = self._process.communicate()
                raise RuntimeError(f"{self.kind.name} hung on {self.job}:\n{stdout}{stderr}") from None
            if self._process.returncode and not self._stopped:
                raise RuntimeError(f"{self.kind.name} broke on {self.job}:\n{stdout}{stderr}")
            self._said = [_attempt(line) for line in stdout.splitlines()]
        return self._said


def start(kind: ClientKind, job: Job) -> Run:
    return Run(kind, job)


def run(kind: ClientKind, job: Job) -> list[Attempt]:
    return Run(kind, job).wait(60.0 + job.attempts * (job.pause_s + job.timeout_s + job.hold_s))


def python_module(module: str) -> Callable[[Job], list[str]]:
    """The command of a client written in Python: run by this very interpreter."""
    return lambda job: [sys.executable, "-m", module, *job.arguments()]


def say(result: Result, stage: str, detail: object = "", **more: object) -> None:
    """Print one attempt's line (what clients written in Python call)."""
    line = {"result": result, "stage": stage, "detail": str(detail), **more}
    print(json.dumps(line), flush=True)


def tell(attempt: Attempt) -> None:
    say(attempt.result, attempt.stage, attempt.detail, **attempt.more)


def _attempt(line: str) -> Attempt:
    said = json.loads(line)
    return Attempt(result=said.pop("result"), stage=said.pop("stage"), detail=said.pop("detail", ""), more=said)
