"""`kill -9` at random moments under load, and what is left; SIGTERM and Ctrl-C, after which everything must be there."""

from __future__ import annotations

import hashlib
import os
import random
import re
import signal
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from measuring.outcome import Measure, Outcome, Settings
from pinprobe.report import FORMATS
from pinprobe.report.files import STALE_S
from stressing.clients import ANSWERED, REFUSED, Clients, counted
from stressing.killing.left import in_the_making
from stressing.killing.rounds import PROMISE_S, Ended, live
from stressing.world import World, running

MODES = ("observe", "experiment")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How often."""

    kills: int
    """Half of them at a random moment, half while a report is being written."""
    terminated: int
    """By SIGTERM."""
    interrupted: int
    """By SIGINT, as Ctrl-C sends it."""
    hosts: int = 60
    """For each of the two crews: the more there are, the longer a report takes to write."""
    longest_s: float = 4.0
    """Of load before the end: the report is refreshed every three seconds."""


SHORT, LONG = Plan(kills=8, terminated=1, interrupted=1), Plan(kills=200, terminated=20, interrupted=20)


def run(settings: Settings) -> Outcome:
    """All of it, at either length."""
    return measure(settings, LONG if settings.long else SHORT)


def measure(settings: Settings, plan: Plan) -> Outcome:
    """As often as planned, into one folder of reports."""
    chance = random.Random(settings.seed)
    times = {signal.SIGKILL: plan.kills, signal.SIGTERM: plan.terminated, signal.SIGINT: plan.interrupted}
    ways = [how for how, number in times.items() for _ in range(number)]
    chance.shuffle(ways)
    reports = settings.folder / "reports"
    ended: list[Ended] = []
    wrong: list[str] = []
    kept: dict[Path, str] = {}
    killed = 0
    with running(settings.folder, hosts=plan.hosts) as world, Clients(world.crews) as clients:
        for number, how in enumerate(ways, start=1):
            aimed = how is signal.SIGKILL and killed % 2 == 1
            killed += how is signal.SIGKILL
            mode = chance.choice(MODES)
            load_s = chance.uniform(PROMISE_S, plan.longest_s)
            after = chance.randint(1, 2 * len(FORMATS)) if aimed else 0
            one = live(world, clients, reports, how, mode=mode, load_s=load_s, after=after)
            ended.append(one)
            wrong += [*one.wrong, *_changed(kept)]
            kept |= _digests(one.left.folder)
            settings.say(
                f"{number} of {len(ways)}: {mode}, {how.name}{' in a refresh' if aimed else ''}: "
                f"{len(one.left.events)} events kept, {one.lost} facts lost, the oldest {one.lost_s:.2f} s old"
            )
        wrong += _cleaned(world, reports)
        wrong += _changed(kept)
    return _outcome(ended, wrong)


def _changed(kept: dict[Path, str]) -> list[str]:
    """A later session changes nothing of an earlier one."""
    return [f"{path} was changed by a later session" for path, digest in kept.items() if _digest(path) != digest]


def _digests(folder: Path) -> dict[Path, str]:
    making = set(in_the_making(folder))
    return {path: _digest(path) for path in folder.rglob("*") if path.is_file() and path not in making}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _cleaned(world: World, reports: Path) -> list[str]:
    """A minute later (the files are made older) another start removes what was half written, and lists every session."""
    for path in in_the_making(reports):
        os.utime(path, times=(time.time() - 2 * STALE_S,) * 2)
    with world.proxy(reports) as proxy:
        proxy.wait_for("recording to", 60.0)
        proxy.stop()
    wrong = [f"{path.name} is still there" for path in in_the_making(reports)]
    sessions = {path.parent for path in reports.glob("*/*/journal.jsonl")}
    page = (reports / "index.html").read_text("utf-8")
    listed = set(re.findall(r"\d{8}-\d{6}-[0-9a-f]{4}", page))
    wrong += [f"{folder.name} is not on the list" for folder in sessions if folder.name not in listed]
    return wrong


def _outcome(ended: list[Ended], wrong: list[str]) -> Outcome:
    ways = Counter(one.how for one in ended)
    kills = [one for one in ended if one.how == "SIGKILL"]
    return Outcome(
        headers=(
            "ended by",
            "times",
            "connections",
            "facts lost",
            "oldest lost",
            "starved",
            "torn line",
            "in a refresh",
            "no report",
        ),
        rows=tuple(_row(how, [one for one in ended if one.how == how]) for how in ways),
        notes=(
            f"Facts are those of clients: a hello whose answer or certificate they saw, a request whose answer they read. "
            f"A kill may lose what is younger than {PROMISE_S:.0f} s, and on a busy machine what is as much older as the proxy "
            "was kept waiting for a processor in its last second (“starved”: the longest). “In a refresh”: a file was half "
            "written, or some were new and some old. “No report”: the kill came before the first.",
            f"Each of {len(kills)} killed journals was read and rebuilt by `pinprobe report`; each report.json fits its "
            "schema and is of a beginning of its journal; no session changed an earlier one.",
        ),
        wrong=tuple(wrong),
    )


def _row(how: str, ended: list[Ended]) -> tuple[str, ...]:
    counts = Counter[str]()
    for one in ended:
        counts.update(counted(list(one.notes)))
    return (
        how,
        str(len(ended)),
        str(counts[ANSWERED] + counts[REFUSED]),
        str(sum(one.lost for one in ended)),
        f"{max(one.lost_s for one in ended):.2f} s",
        f"{max(one.starved_s for one in ended):.2f} s",
        str(sum(one.left.torn for one in ended)),
        str(sum(one.left.in_a_refresh for one in ended)),
        str(sum(not one.left.has_report for one in ended)),
    )


KILLS = Measure(name="kills", about="kill -9 at random moments, SIGTERM and Ctrl-C: what is left", run=run)
