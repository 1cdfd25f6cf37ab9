"""A real mitmdump as a child process, with a CA made once and kept.

with Proxy(confdir=…, trust=pki.root.chain_path, scripts=[…], hosts={"api.shop.test": port}) as proxy:
    proxy.address      # "127.0.0.1:43287"
proxy.output           # everything it printed
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from mitmproxy.certs import CertStore

from standin.forge import Forge, Forked

LOOPBACK_DNS = Path(__file__).with_name("loopback_dns.py")
START_S = 60.0
STOP_S = 40.0
DNS_MODE = "dns@127.0.0.2:0"
"""An address of its own: mitmproxy refuses two servers on one, even where both ask for any free port."""
_LISTENING = re.compile(r"listening at (?P<address>\S+):(?P<port>\d+)")

Place = int | tuple[str, int]
"""Where a host really is: a port on 127.0.0.1, or an address and a port."""


def make_ca(confdir: Path) -> Path:
    """The proxy's CA: made if it is not there yet. Returns the PEM file a device would install."""
    if not (confdir / "mitmproxy-ca.pem").exists():
        confdir.mkdir(parents=True, exist_ok=True)
        CertStore.create_store(confdir, "mitmproxy", 2048)
    return confdir / "mitmproxy-ca-cert.pem"


class Proxy:
    """Started on entry, listening when entry returns, stopped on exit if `stop` was not called before."""

    def __init__(
        self,
        *,
        confdir: Path,
        trust: Path,
        hosts: Mapping[str, Place],
        scripts: Sequence[Path] = (),
        options: Mapping[str, str | tuple[str, ...]] | None = None,
        mode: str = "regular",
        more_modes: Sequence[str] = (),
        with_dns: bool = False,
        python: Path | None = None,
        environment: Mapping[str, str] | None = None,
        through: Sequence[str] = (),
        forge: Forge | None = None,
    ) -> None:
        """`trust` is what the proxy believes of origins; `python` the interpreter whose mitmdump runs; `through` a command
        that becomes it, such as setpriv.

        `forge` starts it sooner; not with a `python` or `through` of its own, nor with an environment that Python or the
        loader reads at its start.

        `with_dns` answers name lookups too, on 127.0.0.2 and `dns_port`.
        """
        make_ca(confdir)
        settings: dict[str, str | tuple[str, ...]] = {
            "confdir": str(confdir),
            "ssl_verify_upstream_trusted_ca": str(trust),
            "flow_detail": "0",
            **(options or {}),
        }
        mitmdump = (python or Path(sys.executable)).parent / "mitmdump"
        self._command = [*through, str(mitmdump), "--mode", mode, "--listen-host", "127.0.0.1"]
        self._command += ["--listen-port", "0"]
        for more in more_modes:
            self._command += ["--mode", more]
        if with_dns:
            self._command += ["--mode", DNS_MODE]
        for script in [LOOPBACK_DNS, *scripts]:
            self._command += ["-s", str(script)]
        for name, value in settings.items():
            for one in (value,) if isinstance(value, str) else value:
                self._command += ["--set", f"{name}={one}"]
        table = {name: place if isinstance(place, tuple) else ("127.0.0.1", place) for name, place in hosts.items()}
        self._environment = {
            **os.environ,
            # Lines arrive as they are printed, not when a buffer is full.
            "PYTHONUNBUFFERED": "1",
            "STANDIN_HOSTS": json.dumps(table),
            **(environment or {}),
        }
        self._forge = forge
        self._process: subprocess.Popen[str] | Forked | None = None
        self._listening = threading.Event()
        self._lines: list[str] = []
        self._reader: threading.Thread | None = None
        self.port = self.dns_port = 0

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def output(self) -> str:
        return "".join(self._lines)

    @property
    def pid(self) -> int:
        return self._running().pid

    @property
    def returncode(self) -> int | None:
        return self._running().poll()

    def start(self) -> None:
        self._process = self._forge.start(self._command, self._environment) if self._forge else self._started()
        if self._process.stdout is None:
            raise RuntimeError("mitmdump has no pipe")
        self._reader = threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True)
        self._reader.start()
        self._listening.wait(START_S)
        if not self.port:
            self.stop()
            raise RuntimeError(f"mitmdump did not listen:\n{self.output}")

    def stop(self, how: signal.Signals = signal.SIGINT, timeout_s: float = STOP_S) -> str:
        """End it as a person would, and return what it printed. Killed if it does not go in time."""
        process = self._running()
        if process.poll() is None:
            process.send_signal(how)
        try:
            process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise RuntimeError(f"mitmdump did not stop on {how.name}:\n{self.output}") from None
        finally:
            if self._reader:
                self._reader.join(5)
        return self.output

    def wait_for(self, pattern: str, timeout_s: float = 10.0) -> bool:
        """Wait until a line it printed matches."""
        expression = re.compile(pattern)
        deadline = threading.Event()
        for _ in range(int(timeout_s / 0.05)):
            if any(expression.search(line) for line in list(self._lines)):
                return True
            deadline.wait(0.05)
        return False

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process and self._process.poll() is None:
            self.stop()

    def _started(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self._command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=self._environment,
        )

    def _running(self) -> subprocess.Popen[str] | Forked:
        if self._process is None:
            raise RuntimeError("the proxy was not started")
        return self._process

    def _read(self, stdout: IO[str]) -> None:
        for line in stdout:
            self._lines.append(line)
            if found := _LISTENING.search(line):
                if "DNS" in line:
                    self.dns_port = int(found["port"])
                elif not self.port:
                    self.port = int(found["port"])
                if self.port and (self.dns_port or DNS_MODE not in self._command):
                    self._listening.set()
        stdout.close()
        self._listening.set()  # it ended: nobody need wait any longer
