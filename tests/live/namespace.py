"""A "device" in a network namespace of its own: real interfaces, real sockets, real user ids. Linux, and root, only."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest
from tests.waiting import eventually

NEEDED = {
    "ip": "iproute2",
    "wg": "wireguard-tools",
    "wireguard-go": "wireguard-go",
    "setpriv": "util-linux",
    "curl": "curl",
}
TUN = Path("/dev/net/tun")
SOCKETS = Path("/var/run/wireguard")
RESOLVERS = Path("/etc/netns")
"""Where `ip netns exec` looks for files that take the place of those in /etc."""
_numbers = itertools.count(1)


def need_namespaces() -> None:
    """Skip, and say what is missing, where no device can be made."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("a device in a network namespace needs Linux and root")
    if missing := [package for program, package in NEEDED.items() if shutil.which(program) is None]:
        pytest.skip(f"a device in a network namespace needs: apt-get install {' '.join(missing)}")
    if not TUN.exists():
        pytest.skip(f"a tunnel needs {TUN}")
    made = subprocess.run(["ip", "netns", "add", (name := f"pp{os.getpid()}x")], capture_output=True, check=False)
    if made.returncode:
        pytest.skip(f"no network namespace can be made here: {made.stderr.decode(errors='replace').strip()}")
    run("ip", "netns", "del", name)


def run(*command: str) -> str:
    """A command that must succeed; returns what it printed."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: exit code {done.returncode}: {done.stderr or done.stdout}")
    return done.stdout


class Namespace:
    """One device, with a cable to this computer. Everything it has made is gone on exit, whatever happened."""

    def __init__(self) -> None:
        number = next(_numbers)
        self.name = f"pp{os.getpid()}n{number}"
        # Addresses for benchmarks (RFC 2544), which nobody routes; by process, so that two runs do not meet.
        block = (os.getpid() * 8 + number) % 8192
        self._base = f"198.18.{block // 32}"
        self._first = block % 32 * 8
        self.host, self.address = f"{self._base}.{self._first + 1}", f"{self._base}.{self._first + 2}"
        # wireguard-go listens at a path of this name, which namespaces do not divide.
        self._tunnel = f"w{os.getpid() % 100000}n{number}"
        self._cable = f"v{os.getpid() % 100000}n{number}"
        self._processes: list[subprocess.Popen[str]] = []

    def __enter__(self) -> Self:
        try:
            run("ip", "netns", "add", self.name)
            run("ip", "link", "add", f"{self._cable}a", "type", "veth", "peer", "name", "eth0", "netns", self.name)
            run("ip", "addr", "add", f"{self.host}/30", "dev", f"{self._cable}a")
            run("ip", "link", "set", f"{self._cable}a", "up")
            self.inside("ip", "addr", "add", f"{self.address}/30", "dev", "eth0")
            self.inside("ip", "link", "set", "lo", "up")
            self.inside("ip", "link", "set", "eth0", "up")
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._processes:
            process.kill()
            process.wait()
            for pipe in (process.stdout, process.stderr):
                if pipe is not None:
                    pipe.close()
        for command in (("link", "del", f"{self._cable}a"), ("netns", "del", self.name)):
            subprocess.run(["ip", *command], capture_output=True, check=False)
        (SOCKETS / f"{self._tunnel}.sock").unlink(missing_ok=True)
        shutil.rmtree(RESOLVERS / self.name, ignore_errors=True)
        with contextlib.suppress(OSError):
            RESOLVERS.rmdir()

    def inside(self, *command: str) -> str:
        """A command of the device that must succeed."""
        return run("ip", "netns", "exec", self.name, *command)

    def start(
        self, command: Sequence[str], *, uid: int = 0, environment: Mapping[str, str] | None = None
    ) -> subprocess.Popen[str]:
        """An app of the device: a process of this user, who may still read the files that tests have made."""
        may_read = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
        as_user = ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", *may_read] if uid else []
        process = subprocess.Popen(
            ["ip", "netns", "exec", self.name, *as_user, *command],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            text=True,
            env={**os.environ, **(environment or {})},
        )
        self._processes.append(process)
        return process

    def tunnel(self, config: str, folder: Path) -> None:
        """Bring a WireGuard configuration up as the device's app would: all traffic, and lookups, go through it."""
        settings = [line.partition(" = ") for line in config.splitlines() if " = " in line]
        told = {key: value for key, _, value in settings}
        # What only apps understand is no setting of the kernel's or wireguard-go's.
        for_wg = [line for line in config.splitlines() if line.partition(" = ")[0] not in APPS_OWN]
        file = folder / f"{self.name}.conf"
        file.touch(mode=0o600)
        file.write_text("\n".join(for_wg) + "\n", encoding="utf-8")
        buggy = {"WG_I_PREFER_BUGGY_USERSPACE_TO_POLISHED_KMOD": "1", "LOG_LEVEL": "error"}
        self.start(["wireguard-go", "-f", self._tunnel], environment=buggy)
        if not eventually(lambda: self._tunnel in self.inside("ip", "-o", "link")):
            raise RuntimeError("the tunnel did not come up")
        self.inside("wg", "setconf", self._tunnel, str(file))
        for address in told["Address"].split(", "):
            self.inside("ip", "addr", "add", address, "dev", self._tunnel)
        self.inside("ip", "link", "set", self._tunnel, "up")
        for everything in told["AllowedIPs"].split(", "):
            self.inside("ip", "-6" if ":" in everything else "-4", "route", "add", everything, "dev", self._tunnel)
        (RESOLVERS / self.name).mkdir(parents=True, exist_ok=True)
        (RESOLVERS / self.name / "resolv.conf").write_text(
            f"nameserver {told['DNS']}\noptions timeout:2 attempts:3\n", encoding="utf-8"
        )


APPS_OWN = frozenset({"Address", "DNS", "IncludedApplications"})
