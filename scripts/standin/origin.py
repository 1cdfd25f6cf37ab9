"""Real servers on loopback, in a process of their own, so that they take no time from the caller.

    with Origins([Origin(name="api", identities=(leaf,))]) as origins:
        origins.port("api")

The process ends when its standard input does, so it never outlives the caller.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from standin.pki import Identity

Talk = Literal["http", "echo", "greeting"]
TlsRange = Literal["any", "1.2", "1.3"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """One listener."""

    name: str
    identities: tuple[Identity, ...] = ()
    """Chosen by SNI, the first where none fits; none at all makes a cleartext listener."""
    talk: Talk = "http"
    """`http`: HTTP/2 or 1.1 as negotiated; `echo`: bytes come back; `greeting`: speaks first, then echoes."""
    alpn: tuple[str, ...] = ("h2", "http/1.1")
    tls: TlsRange = "any"
    client_ca: Path | None = None
    """Ask for a client certificate, and insist that this bundle vouches for it."""
    delay_s: float = 0.0
    """Accept the TCP connection, but begin the TLS handshake only after so long."""
    bind: str = "127.0.0.1"
    down: bool = False
    """Hold the port, but listen on it never: every connection is refused."""


class Origins:
    """Runs the listeners; a port is there, and accepts, before the context is entered."""

    def __init__(self, origins: Sequence[Origin], *, log: Path | None = None) -> None:
        """With `log`, a JSON line is written for each connection opened, each request that came on it, and its close.

        The last one counts the bytes received inside TLS.
        """
        self._spec = json.dumps({"log": str(log) if log else None, "origins": [_as_json(origin) for origin in origins]})
        self._process: subprocess.Popen[str] | None = None
        self._ports: dict[str, int] = {}

    def port(self, name: str) -> int:
        return self._ports[name]

    def __enter__(self) -> Self:
        # The folder of the package goes on the child's path: it may have come to us by other ways.
        path = os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
        self._process = subprocess.Popen(
            [sys.executable, "-m", "standin.origin_server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": path},
        )
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise RuntimeError("the origins' process has no pipes")
        stdin.write(self._spec + "\n")
        stdin.flush()
        answer = stdout.readline()
        if not answer:
            self._process.wait(timeout=10)
            raise RuntimeError("the origins did not start; their error is on standard error")
        self._ports = json.loads(answer)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            self._process.communicate(timeout=10)


def _as_json(origin: Origin) -> dict[str, object]:
    return {
        "name": origin.name,
        "identities": [[str(i.chain_path), str(i.key_path)] for i in origin.identities],
        "talk": origin.talk,
        "alpn": list(origin.alpn),
        "tls": origin.tls,
        "client_ca": str(origin.client_ca) if origin.client_ca else None,
        "delay_s": origin.delay_s,
        "bind": origin.bind,
        "down": origin.down,
    }
