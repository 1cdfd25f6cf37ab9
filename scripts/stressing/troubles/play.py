"""One proxy, a few clients, and one trouble after the other; then what was told, what was served and what is lost."""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from stressing.clients import FAILED, Clients, Note, counted
from stressing.killing import left as leavings
from stressing.troubles import clock
from stressing.troubles.permission import SETPRIV, no_setpriv
from stressing.troubles.trouble import Json, Stage, Trouble, no_mounts
from stressing.world import ADDON, World

DISK_MB = 64
"""Room for the journal of all troubles on a slow machine; filled up in a moment all the same."""
AT_LEAST_S = 1.0
"""Of load in each part."""
UNHURRIED_S = 0.1
"""Between two connections of a client. A proxy at its limit makes its report seldom, and that is what is waited for here."""
LONGEST_S = 120.0
"""Until something must have been told; machines are loaded."""
NO_OVERRIDE = (SETPRIV, "--bounding-set=-dac_override,-dac_read_search")
"""Root passes over permissions by these two capabilities alone."""


OUR_CODE = f'File "{ADDON.parent}'
"""In a traceback. mitmproxy's own are its own affair: it has one for each connection that it has no file handle for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What became of one trouble."""

    trouble: Trouble
    meanwhile: dict[str, int]
    """Connections while it lasted, by how they went."""
    after: dict[str, int]
    told: bool
    """The live report told of it while it lasted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """What became of one proxy."""

    seen: tuple[Seen, ...]
    lost: int
    """Facts that clients know of, and the journal has not."""
    wrong: tuple[str, ...]


def play(world: World, clients: Clients, folder: Path, troubles: Sequence[Trouble]) -> Played:
    """All of these, at one proxy, which is ended by Ctrl-C."""
    offset = folder / "clock"
    with _disk(folder / "disk") as disk:
        reports = disk / "reports"
        for trouble in troubles:
            if trouble.before is not None:
                trouble.before(reports)
        proxy = world.proxy(
            reports,
            environment=clock.environment(offset) if clock.CLOCK in troubles else None,
            through=NO_OVERRIDE if os.geteuid() == 0 and not no_setpriv() else (),
        )
        with proxy:
            proxy.wait_for("recording to", 60.0)
            stage = Stage(proxy=proxy, disk=disk, reports=reports, offset=offset)
            notes = _load(stage, clients, (), 0)
            _until(lambda: (stage.session / "report.json").exists())
            wrong: list[str] = []
            seen = []
            for trouble in troubles:
                one, noted = _suffer(stage, clients, trouble)
                seen.append(one)
                notes += noted
                wrong += _served(one)
            proxy.stop()
        return _ended(stage, world, tuple(seen), notes, wrong)


def _suffer(stage: Stage, clients: Clients, trouble: Trouble) -> tuple[Seen, list[Note]]:
    since = len(stage.proxy.output) if trouble.before is None else 0
    trouble.strike(stage)
    try:
        meanwhile = _load(stage, clients, trouble.said, since)
        told = not trouble.serves or _until(lambda: _among(stage.live_notices(), trouble.noticed[0]))
    finally:
        trouble.relieve(stage)
    after = _load(stage, clients, trouble.again, since)
    return Seen(trouble=trouble, meanwhile=counted(meanwhile), after=counted(after), told=told), meanwhile + after


def _load(stage: Stage, clients: Clients, patterns: Sequence[str], since: int) -> list[Note]:
    """Connections, until all of this was said after so much else."""
    clients.go(stage.proxy.address)
    time.sleep(AT_LEAST_S)
    _until(lambda: all(re.search(pattern, stage.proxy.output[since:]) for pattern in patterns))
    return clients.pause()


def _until(true: Callable[[], object]) -> bool:
    """Wait; False where it never comes."""
    deadline = time.monotonic() + LONGEST_S
    while not (found := bool(true())) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def _among(texts: Sequence[str], pattern: str) -> bool:
    return any(re.search(pattern, text) for text in texts)


def _served(one: Seen) -> Iterator[str]:
    name = one.trouble.name
    if not one.told:
        yield f"{name}: not in the live report while it lasted"
    for when, counts in (("meanwhile", one.meanwhile), ("afterwards", one.after)):
        served = sum(counts.values()) - counts[FAILED]
        if when == "meanwhile" and not one.trouble.serves:
            continue
        if not served or (counts[FAILED] and one.trouble.serves):
            yield f"{name}: {served} connections were served {when}, and {counts[FAILED]} failed"


def _ended(stage: Stage, world: World, seen: tuple[Seen, ...], notes: list[Note], wrong: list[str]) -> Played:
    found = leavings.read(stage.session)
    lost = leavings.lost(found, notes)
    wrong += [*found.wrong, *leavings.list_is_whole(stage.reports), *leavings.not_at_its_end(found)]
    wrong += [f"{len(lost)} facts are lost"] if lost else []
    if not (stage.reports / "index.html").is_file():
        wrong.append("the list of reports is missing")
    report: Json = json.loads((stage.session / "report.json").read_bytes()) if found.has_report else {}
    notices = [one["text"] for one in _items(report, "notices")]
    expected = Counter[tuple[str, str]]()
    for one in seen:  # two troubles may end in the same words
        expected.update(("log", pattern) for pattern in (*one.trouble.said, *one.trouble.again))
        expected.update(("report", pattern) for pattern in one.trouble.noticed)
    for one in seen:
        for where, lines, patterns in (
            ("log", stage.proxy.output.splitlines(), (*one.trouble.said, *one.trouble.again)),
            ("report", notices, one.trouble.noticed),
        ):
            for pattern in patterns:
                times = sum(bool(re.search(pattern, str(line))) for line in lines)
                if times != expected[where, pattern]:
                    wrong.append(f"{one.trouble.name}: {times} times, not once, in the {where}: {pattern}")
        wrong += [f"{one.trouble.name}: {text}" for text in one.trouble.wrong(report)] if report else []
    wrong += [f"our own error: {one['text']}" for one in _items(report, "notices") if one["id"] == "tool_error"]
    wrong += _verdicts(world, report)
    ours = sorted({line.strip() for line in stage.proxy.output.splitlines() if OUR_CODE in line})
    wrong += [f"a traceback of ours in the log: {line}" for line in ours]
    return Played(seen=seen, lost=len(lost), wrong=tuple(wrong))


def _verdicts(world: World, report: Json) -> Iterator[str]:
    """No trouble makes a verdict wrong: one crew takes every certificate of the proxy, the other none."""
    never = dict.fromkeys(world.crews[0].hosts, "pinned") | dict.fromkeys(world.crews[1].hosts, "unpinned")
    decided = 0
    for one in _items(report, "endpoints"):
        endpoint, verdict = one["endpoint"], one["verdict"]
        assert isinstance(endpoint, dict)
        decided += verdict in {"pinned", "unpinned"}
        if verdict in {never.get(endpoint["host"]), "suspicious"}:
            yield f"{endpoint['host']} is called {verdict}"
    if not decided:
        yield "no endpoint has a verdict"


def _items(report: Json, name: str) -> list[Json]:
    found = report.get(name, [])
    assert isinstance(found, list)
    return found


@contextmanager
def _disk(path: Path) -> Iterator[Path]:
    """A small file system, where one may be mounted; else a folder."""
    path.mkdir(parents=True)
    if no_mounts():
        yield path
        return
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m,mode=700", "tmpfs", path], check=True, timeout=20)
    try:
        yield path
    finally:
        subprocess.run(["umount", "--recursive", "--lazy", path], check=True, timeout=20)
