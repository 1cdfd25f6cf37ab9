"""A real mitmdump with pinprobe, real sockets: damaged hellos, garbage, and servers with odd certificates."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import ssl
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random

from cryptography.hazmat.primitives.serialization import Encoding

from measuring.outcome import Measure, Outcome, Settings
from standin.proxy import Proxy, make_ca
from stressing.fuzz import chains, odd_servers
from stressing.fuzz.hello_bytes import hello_mutated, real_hellos
from stressing.fuzz.odd_servers import ORDINARY

ADDON = Path(__file__).parents[3] / "addon" / "pinprobe_addon.py"
APP = "com.example.fuzzed"
SHORT, LONG = 1500, 20_000
AT_ONCE = 16
VISITS = 3
"""Connections of a trusting client to each host with an odd certificate."""
TIMEOUT_S = 10.0
_OURS = re.compile(r"pinprobe: (?:error in|.* failed:)")
_IN_OURS = "/addon/pinprobe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What became of it all."""

    hellos: int
    hosts: int
    answered: int
    """Requests to hosts with odd certificates that were answered through the proxy."""
    chains: int
    """Different chains of servers that the journal tells of."""
    ordinary: str
    """The verdict on the host that nothing is odd about."""
    ours: tuple[str, ...]
    """Lines of the log, and events, that tell of an error of pinprobe."""
    mitmproxys: int
    """Tracebacks in the log in which no line is pinprobe's."""
    blamed: tuple[str, ...]
    """Hosts that are called pinned or suspicious, though no client here pins anything."""


def run(settings: Settings) -> Outcome:
    """Both, at one length or the other."""
    hellos = LONG if settings.long else SHORT
    seen = play(settings, hellos)
    wrong = [*seen.ours, *(f"{host} is blamed, and no client here pins anything" for host in seen.blamed)]
    if seen.ordinary != "unpinned":
        wrong.append(f"{ORDINARY} is {seen.ordinary or 'not listed'}, and its requests were decrypted")
    return Outcome(
        headers=("sent", "number", "outcome"),
        rows=(
            ("damaged hellos and garbage", f"{seen.hellos:,}", f"{ORDINARY}: {seen.ordinary}"),
            (
                "servers with odd certificates",
                f"{seen.hosts}",
                f"{seen.answered} requests answered, {seen.chains} chains told",
            ),
        ),
        notes=(f"Errors of pinprobe in mitmdump's log: {len(seen.ours)}; of mitmproxy itself: {seen.mitmproxys}.",),
        wrong=tuple(wrong),
    )


def play(settings: Settings, hellos: int) -> Seen:
    """Start all of it, send it, and read what was written."""
    folder = settings.folder
    confdir, reports = folder / "confdir", folder / "reports"
    ca = make_ca(confdir)
    trust = folder / "trust.pem"
    trust.write_bytes(chains.root().public_bytes(Encoding.PEM))
    with odd_servers.running(folder) as ports:
        hosts = {**ports, f"{ORDINARY}:443": ports[ORDINARY]}
        options = {
            "pinprobe_app": APP,
            "pinprobe_reports": str(reports),
            "pinprobe_ca_store": "system",
            "pinprobe_probes": "standard",
            # So that odd chains reach pinprobe that mitmproxy would refuse; whether it checks is its own matter.
            "ssl_insecure": "true",
        }
        with Proxy(confdir=confdir, trust=trust, hosts=hosts, scripts=[ADDON], options=options) as proxy:
            answered = _visit_all(proxy.port, ca, ports, settings)
            _send_all(proxy.port, hellos, settings)
            for _ in range(2 * VISITS):
                _get(proxy.port, ca, ORDINARY)
            output = proxy.stop()
    return _seen(reports, output, hellos, len(ports), answered)


def _visit_all(port: int, ca: Path, ports: dict[str, int], settings: Settings) -> int:
    answered = 0
    for number, host in enumerate(ports):
        answered += sum(_get(port, ca, host) for _ in range(VISITS))
        if number % 5 == 0:
            settings.say(f"visited {number + 1} of {len(ports)} servers")
    return answered


def _get(port: int, ca: Path, host: str) -> bool:
    """One request through the proxy, as an app without pins makes it."""
    context = ssl.create_default_context(cafile=str(ca))
    try:
        with context.wrap_socket(_tunnel(port, host), server_hostname=host) as connection:
            connection.sendall(f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            return connection.recv(65536).startswith(b"HTTP/1.1 200")
    except (OSError, ValueError):
        return False


def _tunnel(port: int, host: str) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S)
    made.sendall(f"CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n".encode())
    while b"\r\n\r\n" not in made.recv(65536):
        pass
    return made


def _send_all(port: int, count: int, settings: Settings) -> None:
    told_s = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for number, _ in enumerate(pool.map(lambda data: _send(port, data), _inputs(count, settings.seed))):
            if time.monotonic() - told_s > 2:
                told_s = time.monotonic()
                settings.say(f"sent {number + 1:,} of {count:,}")


def _inputs(count: int, seed: int) -> Iterator[tuple[bool, bytes]]:
    """Whether it is sent through a tunnel, and the bytes."""
    chance, hellos = Random(seed), real_hellos()
    for _ in range(count):
        data = hello_mutated(chance.choice(hellos), chance)
        yield (
            (True, data)
            if chance.randrange(8)
            else (False, chance.choice((data, chance.randbytes(300), b"GET \0 / x\r\n\r\n")))
        )


def _send(port: int, what: tuple[bool, bytes]) -> None:
    through, data = what
    with contextlib.suppress(OSError):
        made = _tunnel(port, ORDINARY) if through else socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S)
        with made:
            made.settimeout(0.2)
            made.sendall(data)
            made.shutdown(socket.SHUT_WR)
            made.recv(65536)


def _seen(reports: Path, output: str, hellos: int, hosts: int, answered: int) -> Seen:
    journal = [
        json.loads(line) for path in reports.glob("*/*/journal.jsonl") for line in path.read_text("ascii").splitlines()
    ]
    report = json.loads(next(reports.glob("*/*/report.json")).read_text("utf-8"))
    verdicts = {
        one["endpoint"]["host"]: one["verdict"] for one in report["endpoints"] if one["endpoint"]["port"] == 443
    }
    told = re.split(r"(?m)^(?=\[\d\d:\d\d:\d\d)", output)
    errors = [entry for entry in told if "Traceback " in entry]
    ours = [
        entry.partition("\n")[0] for entry in told if _OURS.search(entry) or (entry in errors and _IN_OURS in entry)
    ]
    ours += [f"{event['where']}: {event['error']}" for event in journal if event["type"] == "ToolFailed"]
    return Seen(
        hellos=hellos,
        hosts=hosts,
        answered=answered,
        chains=len({event["chain_id"] for event in journal if event["type"] == "ServerChainSeen"}),
        ordinary=verdicts.get(ORDINARY, ""),
        ours=tuple(dict.fromkeys(ours)),
        mitmproxys=sum(_IN_OURS not in entry for entry in errors),
        blamed=tuple(sorted(host for host, verdict in verdicts.items() if verdict in {"pinned", "suspicious"})),
    )


FUZZ_LIVE = Measure(
    name="fuzz-live",
    about="Damaged hellos, garbage and odd certificates, sent to a real mitmdump with pinprobe.",
    run=run,
)
