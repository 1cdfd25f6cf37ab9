"""New TLS connections with one request each: few and many at once, both versions of TLS, known hosts and new ones."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import add

from benchmarks.load import Load
from benchmarks.rounds import Measured, Series, Task, Turn, columns, few, measure
from benchmarks.world import BARE, EXPERIMENT, LOGGING, NEW, OBSERVE, Arm, World, running
from measuring.outcome import Measure, Outcome, Settings

ARMS = (BARE, LOGGING, OBSERVE, EXPERIMENT)
HOSTS = 10
GOAL_RATIO = 0.98
GOAL_CPU = 1.03


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One kind of load."""

    at_once: int
    tls: str
    new_hosts: bool
    connections: int
    """In a turn."""

    @property
    def name(self) -> str:
        return f"{self.at_once} at once, TLS {self.tls}, {'new' if self.new_hosts else 'known'} hosts"


LONG = tuple(
    Case(at_once=at_once, tls=tls, new_hosts=new, connections=connections)
    for at_once, connections in ((1, 24), (8, 40), (64, 96))
    for tls in ("1.2", "1.3")
    for new in (False, True)
)
SHORT = (
    Case(at_once=1, tls="1.3", new_hosts=False, connections=16),
    Case(at_once=8, tls="1.2", new_hosts=False, connections=24),
    Case(at_once=8, tls="1.3", new_hosts=True, connections=24),
    Case(at_once=64, tls="1.3", new_hosts=False, connections=64),
)
ROUNDS = 6
"""Every order of four arms, once."""
LIMIT_S = {True: 300.0, False: 20.0}


def run(settings: Settings) -> Outcome:
    """Pairwise, at the length asked for."""
    cases = LONG if settings.long else SHORT
    settings.say(f"starting origins and {len(ARMS)} proxies")
    with running(settings.folder, ARMS, hosts=HOSTS) as world, Load(trust=world.trust) as load:
        settings.say("warming up: certificates are made, every host is seen")
        for arm in ARMS:
            load.run(world.proxies[arm].address, world.hosts * 2, at_once=1)
        tasks = [task_of(case, ARMS, world, load) for case in cases]
        return outcome(measure(tasks, ROUNDS, LIMIT_S[settings.long], world.cpu_s, settings.say))


def task_of(case: Case, arms: tuple[Arm, ...], world: World, load: Load) -> Task:
    """The case as something that arms can be asked to do."""
    hosts = {arm: _new_hosts(case) if case.new_hosts else itertools.cycle(world.hosts) for arm in arms}

    def turn(arm: Arm) -> Turn:
        asked = list(itertools.islice(hosts[arm], case.connections))
        return load.run(world.proxies[arm].address, asked, at_once=case.at_once, tls=case.tls)

    return Task(name=case.name, arms=arms, turn=turn)


def _new_hosts(case: Case) -> Iterator[str]:
    return (f"n{number}-{case.at_once}-{case.tls.replace('.', '')}.{NEW}" for number in itertools.count(1))


def outcome(measured: Measured) -> Outcome:
    """A row for each case, and one for all of them together."""
    rows = [(name, *columns(series)) for name, series in measured.items()]
    arms = tuple(next(iter(measured.values())))
    together = {arm: reduce(add, (series[arm] for series in measured.values())) for arm in arms}
    rows.append(("all together", *columns(together)))
    rounds = min(len(series[BARE].rate) for series in measured.values())
    headers = ["connections", f"{BARE.name}, per second", "its CPU, ms each"]
    for arm in arms[1:]:
        headers += [f"{arm.name}: throughput", "CPU"]
    return Outcome(
        headers=tuple(headers),
        rows=tuple(rows),
        notes=(
            f"Ratios to {BARE.name}: medians of balanced rounds ({rounds} of them) with their 95 % interval; throughput "
            f"above 1 is faster, CPU above 1 costs more.{few(rounds)} Goal: {GOAL_RATIO:.2f} and {GOAL_CPU:.2f}.",
            _ends(together),
        ),
    )


def _ends(together: dict[Arm, Series]) -> str:
    def those(which: Callable[[Series], int]) -> str:
        return ", ".join(f"{which(one)} {arm.name}" for arm, one in together.items())

    refused, failed = those(lambda one: one.refused), those(lambda one: one.failed)
    return f"Refused by the client, as a contrast must be: {refused}. Failed: {failed}."


CONNECTIONS = Measure(name="connections", about="new TLS connections with one request each, side by side", run=run)
