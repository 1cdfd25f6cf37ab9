"""Half-open connections, a flood, and names without end, against mitmdump with and without pinprobe; then the verdicts."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.live.play import CANARY, job
from tests.live.world import ADDON, CROWD, RunningWorld, World

from benchmarks.load import Load
from measuring.outcome import Measure, Outcome, Settings
from pinprobe.thresholds import ENDPOINTS_KEPT
from standin.clients import CLIENTS, start
from standin.proxy import Proxy
from stressing.hostile.half_open import HalfOpen, MuteOrigin, raise_files
from stressing.memory import resident_mb

UNHEARD, (HEARD, FLOODED) = "unheard.hostile.test", CROWD[:2]
NAMES = "names.shop.test"
"""Below it are the names that nobody has heard of."""
UNPINNED, PINNED = "subject.shop.test", "other.shop.test"
GROWS_TIMES, GROWS_MB = 3.0, 300.0
"""Memory is bounded where, after all this, it is less than so many times that of mitmdump alone, and so much more."""
OURS = re.compile(r'Addon error|File "[^"]*/pinprobe/|pinprobe: .* failed')
FLOOD_AT_ONCE = 8
RESTS_S = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much of everything."""

    half_open: int
    hold_s: float
    flood_s: float
    names: int
    compared: bool = True
    """Whether mitmdump alone goes through it as well."""


SIZES = {
    True: Size(half_open=5_000, hold_s=30.0, flood_s=60.0, names=ENDPOINTS_KEPT + 1_000),
    False: Size(half_open=500, hold_s=3.0, flood_s=5.0, names=300),
}


@dataclass(slots=True, kw_only=True)
class Seen:
    """What one proxy came through."""

    mb: dict[str, float] = field(default_factory=dict)
    """Resident memory after each trial."""
    handshakes: int = 0
    per_second: float = 0.0
    failed: int = 0
    opened: int = 0


def run(settings: Settings) -> Outcome:
    """Both proxies, one after the other, through the same."""
    return trials(settings, SIZES[settings.long])


def trials(settings: Settings, size: Size) -> Outcome:
    """The same at any size."""
    raise_files(0)
    reports = settings.folder / "reports"
    with RunningWorld(settings.folder / "world") as world, MuteOrigin() as mute:
        hosts = _hosts(world, mute)
        alone = None
        if size.compared:
            with _proxy(world, hosts, None) as proxy:
                alone = _through(proxy, world, size, settings.say, "mitmdump alone")
        with _proxy(world, hosts, reports) as proxy:
            if size.names >= ENDPOINTS_KEPT:  # who comes when the bound is reached is counted, and not judged
                _clients(world, proxy.address)
            ours = _through(proxy, world, size, settings.say, "with pinprobe")
            settings.say("the verdicts afterwards")
            _clients(world, proxy.address)
            output = proxy.stop(timeout_s=120.0)
        report, counts = _written(reports)
        with _proxy(world, hosts, reports) as proxy:
            proxy.stop()
            again = proxy.output
    alone = alone or ours
    wrong = [*_wrong_memory(alone, ours), *_wrong_verdicts(report), *_wrong_counts(ours, counts)]
    wrong += [f"the log holds an error: {found}" for text in (output, again) for found in OURS.findall(text)[:1]]
    if len(list(reports.glob("*/*/report.json"))) != 2:
        wrong.append("a restart did not begin a session of its own")
    rows = [
        (f"memory {moment}, MB", f"{alone.mb[moment]:.0f}", f"{mb:.0f}", f"{mb - alone.mb[moment]:+.0f}")
        for moment, mb in ours.mb.items()
    ]
    rows.append(("handshakes with a request, per second", f"{alone.per_second:.0f}", f"{ours.per_second:.0f}", ""))
    rows.append(("of them failed", str(alone.failed), str(ours.failed), ""))
    return Outcome(
        headers=("", "mitmdump alone", "with pinprobe", "difference"),
        rows=tuple(rows),
        notes=(
            f"{ours.opened} half-open connections at once, {ours.handshakes} handshakes in {size.flood_s:.0f} s, "
            f"{size.names} server names; the report has {len(report['endpoints'])} endpoints (bound {ENDPOINTS_KEPT}).",
        ),
        wrong=tuple(wrong),
    )


def _hosts(world: World, mute: MuteOrigin) -> dict[str, Any]:
    web = world.hosts[UNPINNED]
    return {**world.hosts, UNHEARD: mute.port, f"*.{NAMES}": web}


@contextlib.contextmanager
def _proxy(world: World, hosts: Mapping[str, Any], reports: Path | None) -> Iterator[Proxy]:
    proxy = Proxy(
        confdir=world.folder / "confdir",
        trust=world.upstream_trust,
        hosts=hosts,
        scripts=[ADDON] if reports else [],
        options={"pinprobe_reports": str(reports), "pinprobe_app": "com.shop.test", "pinprobe_ca_store": "system"}
        if reports
        else None,
    )
    with proxy:
        raise_files(proxy.pid)
        yield proxy


def _through(proxy: Proxy, world: World, size: Size, say: Callable[[str], None], name: str) -> Seen:
    seen = Seen()

    def look(moment: str) -> None:
        seen.mb[moment] = resident_mb(proxy.pid)
        say(f"{name}, {moment}: {seen.mb[moment]:.0f} MB")

    look("at the start")
    asyncio.run(_half_open(proxy, size, seen, look))
    time.sleep(RESTS_S)
    look("after they were let go")
    with Load(trust=world.trusting.trust) as load:
        _flood(load, proxy, size, seen)
        look("after the flood")
        names = [f"n{number}.{NAMES}" for number in range(size.names)]
        for begin in range(0, len(names), 500):
            turn = load.run(proxy.address, names[begin : begin + 500], at_once=FLOOD_AT_ONCE)
            seen.failed += turn.failed
            say(f"{name}: {min(begin + 500, size.names)} of {size.names} names")
    look("after the names")
    return seen


async def _half_open(proxy: Proxy, size: Size, seen: Seen, look: Callable[[str], None]) -> None:
    many = HalfOpen(proxy.address, (UNHEARD, HEARD))
    await many.open(size.half_open)
    await asyncio.sleep(size.hold_s)
    seen.opened = many.opened.total()
    look("with half-open connections")
    await many.let_go()


def _flood(load: Load, proxy: Proxy, size: Size, seen: Seen) -> None:
    """In steps, since a worker cannot be told to stop in the midst of one."""
    step, began_s = 40, time.monotonic()
    while time.monotonic() - began_s < size.flood_s:
        turn = load.run(proxy.address, [FLOODED] * step, at_once=FLOOD_AT_ONCE)
        seen.handshakes += round(turn.amount)
        seen.failed += turn.failed
    seen.per_second = seen.handshakes / (time.monotonic() - began_s)


def _clients(world: World, address: str) -> None:
    """An app with a host that it pins and two that it does not, once all is over."""
    jobs = [
        job(world, address, host=UNPINNED, attempts=6),
        job(world, address, host=PINNED, technique="pin", attempts=14),
        job(world, address, host=CANARY, attempts=14),
    ]
    for one in [start(CLIENTS["python_ssl"], asked) for asked in jobs]:
        one.wait()


def _written(reports: Path) -> tuple[dict[str, Any], dict[str, int]]:
    """The report, and how many events of some kinds the journal holds."""
    (folder,) = (path.parent for path in reports.glob("*/*/report.json"))
    report: dict[str, Any] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    flooded: set[int] = set()
    counts = {"relayed": 0, "decrypted": 0}
    with (folder / "journal.jsonl").open(encoding="utf-8") as journal:
        for line in journal:
            event = json.loads(line)
            if event["type"] == "ClientHelloSeen" and event["sni"] == FLOODED:
                flooded.add(event["connection_id"])
            elif event.get("connection_id") in flooded:
                counts["relayed"] += event["type"] == "Relayed" and event["worked"] is True
                counts["decrypted"] += event["type"] == "RequestSeen"
    return report, counts


def _wrong_memory(alone: Seen, ours: Seen) -> list[str]:
    return [
        f"{mb:.0f} MB {moment}, {alone.mb[moment]:.0f} MB without pinprobe"
        for moment, mb in ours.mb.items()
        if mb > GROWS_TIMES * alone.mb[moment] + GROWS_MB
    ]


def _wrong_verdicts(report: Mapping[str, Any]) -> list[str]:
    said = {
        one["endpoint"]["host"]: f"{one['verdict']} {one['confidence'] or ''}".strip() for one in report["endpoints"]
    }
    wanted = {UNPINNED: "unpinned confirmed", CANARY: "unpinned confirmed", PINNED: "pinned probable"}
    wrong = [f"{host} is called {said.get(host)}" for host, words in wanted.items() if said.get(host) != words]
    innocent = {host: words for host, words in said.items() if host != PINNED}
    wrong += [
        f"{host} is called {words}" for host, words in innocent.items() if words.startswith(("pinned", "suspicious"))
    ]
    return wrong[:20]


def _wrong_counts(ours: Seen, counts: Mapping[str, int]) -> list[str]:
    told = counts["relayed"] + counts["decrypted"]
    # A client whose answer was cut off counts itself as failed; the proxy may have seen its request all the same.
    return (
        []
        if ours.handshakes <= told <= ours.handshakes + ours.failed
        else [f"{ours.handshakes} of the flood were answered and {ours.failed} failed, the journal holds {told}"]
    )


HOSTILE = Measure(
    name="hostile",
    about="Do half-open connections, floods and endless names leave memory bounded and verdicts right?",
    run=run,
)
