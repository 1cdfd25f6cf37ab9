"""The origins and the proxies to compare, all of them running side by side."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.process import cpu_s
from standin.device import trusting
from standin.origin import Origin, Origins
from standin.pki import Pki
from standin.proxy import Proxy, make_ca

ADDON = Path(__file__).parents[2] / "addon" / "pinprobe_addon.py"
QUIET = Path(__file__).with_name("quiet_script.py")
NEW = "new.test"
"""Every name below it leads to the origin, so that there is always one that the proxies have not seen."""
ECHO = "echo.test"
"""Its origin sends back what it gets, over TLS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One way of running mitmdump."""

    name: str
    script: Path | None = None
    options: tuple[tuple[str, str], ...] = ()


BARE = Arm(name="mitmdump alone")
LOGGING = Arm(name="with three logging hooks", script=Path(__file__).with_name("logging_script.py"))
IDLE = Arm(name="with four empty hooks", script=Path(__file__).with_name("idle_script.py"))
OBSERVE = Arm(name="with pinprobe, observe", script=ADDON, options=(("pinprobe_mode", "observe"),))
EXPERIMENT = Arm(name="with pinprobe, experiment", script=ADDON)
"""The default mode. It relays some connections untouched, which costs the proxy less than intercepting them."""
IGNORED = Arm(name="mitmdump, ignored hosts", options=(("ignore_hosts", "."),))
RELAYED = Arm(name="with pinprobe, relaying", script=ADDON, options=(("pinprobe_phase", "control"),))


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything that the measurements need: trust for the clients, hosts to ask for, proxies by arm."""

    trust: Path
    hosts: list[str]
    proxies: dict[Arm, Proxy]

    def pid(self, arm: Arm) -> int:
        """The arm's process; a proxy that ended on its way is an error that shows its last words."""
        proxy = self.proxies[arm]
        if proxy.returncode is not None:
            raise RuntimeError(f"{arm.name} ended early, exit code {proxy.returncode}:\n{proxy.output[-2000:]}")
        return proxy.pid

    def cpu_s(self, arm: Arm) -> float:
        """Processor time that the arm's process has used."""
        return cpu_s(self.pid(arm))


@contextmanager
def running(
    folder: Path, arms: tuple[Arm, ...], *, hosts: int, environment: dict[str, str] | None = None
) -> Iterator[World]:
    """Start the origins and a mitmdump per arm; end them all on the way out, whatever happened."""
    pki = Pki(folder / "pki")
    names = [f"host-{number}.test" for number in range(hosts)]
    confdir = folder / "confdir"
    device = trusting(pki, make_ca(confdir))
    leaf = pki.leaf([*names, f"*.{NEW}"])
    with ExitStack() as stack:
        origins = stack.enter_context(
            Origins(
                [
                    Origin(name="origin", identities=(leaf,)),
                    Origin(name="echo", identities=(pki.leaf([ECHO]),), talk="echo", alpn=()),
                ]
            )
        )
        places = dict.fromkeys([*names, f"*.{NEW}"], origins.port("origin")) | {ECHO: origins.port("echo")}
        proxies = {
            arm: Proxy(
                confdir=confdir,
                trust=pki.root.chain_path,
                hosts=places,
                scripts=[QUIET, arm.script] if arm.script else [QUIET],
                options=_reports(arm, folder / f"reports-{number}") | dict(arm.options),
                environment={"PINPROBE_BENCH_LOG": str(folder / "log.jsonl"), **(environment or {})},
            )
            for number, arm in enumerate(arms)
        }
        with ThreadPoolExecutor() as pool:
            for proxy in proxies.values():
                stack.callback(_stop, proxy)
            list(pool.map(Proxy.start, proxies.values()))
        yield World(trust=device.trust, hosts=names, proxies=proxies)


def _reports(arm: Arm, folder: Path) -> dict[str, str | tuple[str, ...]]:
    return {"pinprobe_reports": str(folder)} if arm.script == ADDON else {}


def _stop(proxy: Proxy) -> None:
    proxy.__exit__(None, None, None)
