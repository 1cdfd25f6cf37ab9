"""Traffic of connections that last: decrypted, against mitmdump alone; relayed, against mitmproxy's ignored hosts."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.rounds import Measured, Series, Task, Turn, columns, few, measure, together
from benchmarks.worker import Worker
from benchmarks.world import BARE, IDLE, IGNORED, OBSERVE, RELAYED, Arm, World, running
from measuring.outcome import Measure, Outcome, Settings

GOAL_DECRYPTED = 0.99
GOAL_RELAYED = 1.0
MEGABYTE = 1_000_000
DECRYPTED, RELAYING = (BARE, IDLE, OBSERVE), (IGNORED, RELAYED)
"""The first of each is what the others are compared with. `observe` decrypts every connection, an experiment does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Something said again and again on one connection."""

    name: str
    kind: str
    """See `talk.KINDS`."""
    arms: tuple[Arm, ...]
    count: int
    """Times in a turn."""
    size: int = 0
    """Bytes each."""
    unit: int = 1
    """What is counted: this many of `size` bytes; 1 counts times."""

    @property
    def amount(self) -> float:
        return self.count * self.size / self.unit if self.unit > 1 else self.count


def cases(*, long: bool) -> tuple[Case, ...]:
    """At full length 100 MB a turn, and 10,000 requests on a connection by the end of its second round.

    Turns are so long that what pinprobe does by the clock, a thousandth of all time, is not charged to a few messages.
    """
    size = (100 if long else 20) * MEGABYTE
    few_, more, many = (2000, 1500, 7500) if long else (300, 500, 2500)
    return (
        Case(name="decrypted: a download, MB", kind="download", arms=DECRYPTED, count=1, size=size, unit=MEGABYTE),
        Case(name="decrypted: HTTP/2 requests on one connection", kind="requests", arms=DECRYPTED, count=few_),
        Case(name="decrypted: websocket messages", kind="websocket", arms=DECRYPTED, count=more, size=200),
        Case(name="relayed: a download, MB", kind="download", arms=RELAYING, count=1, size=2 * size, unit=MEGABYTE),
        Case(name="relayed: small messages", kind="echo", arms=RELAYING, count=many, size=200),
    )


WORLDS = {True: 5, False: 2}
"""Times that all is started anew: of two processes of the same kind one may be faster by some hundredths (measured)."""
ROUNDS = 5
LIMIT_S = {True: 40.0, False: 5.0}
"""For each time."""


def run(settings: Settings) -> Outcome:
    """Pairwise, at the length asked for."""
    return outcome(together([_measured(settings, number) for number in range(1, WORLDS[settings.long] + 1)]))


def _measured(settings: Settings, number: int) -> Measured:
    arms = (*DECRYPTED, *RELAYING)
    settings.say(f"starting origins and {len(arms)} proxies, {number} of {WORLDS[settings.long]} times")
    with running(settings.folder / f"world-{number}", arms, hosts=1) as world:
        worker = Worker("benchmarks.talk", str(world.trust))
        try:
            tasks = [task_of(case, world, worker) for case in cases(long=settings.long)]
            settings.say("warming up: each connection is opened, and everything said on it once")
            for task in tasks:
                for arm in task.arms:
                    task.turn(arm)
            measured = measure(tasks, ROUNDS, LIMIT_S[settings.long], world.cpu_s, settings.say)
        except BaseException:
            worker.end(kill=True)
            raise
        worker.end(kill=False)
    return measured


def task_of(case: Case, world: World, worker: Worker) -> Task:
    """The case as something that arms can be asked to do."""

    def turn(arm: Arm) -> Turn:
        proxy = world.proxies[arm].address
        worker.write({"proxy": proxy, "kind": case.kind, "count": case.count, "size": case.size})
        return Turn(amount=case.amount, seconds=worker.read()["seconds"])

    return Task(name=case.name, arms=case.arms, turn=turn)


def outcome(measured: Measured) -> Outcome:
    """A row for each case."""
    rounds = min(len(one.rate) for series in measured.values() for one in series.values())
    return Outcome(
        headers=(
            *("traffic", "reference, per second", "its CPU, ms each"),
            *(f"{IDLE.name}: throughput", "CPU", "with pinprobe: throughput", "CPU"),
        ),
        rows=tuple((name, *_cells(series)) for name, series in measured.items()),
        notes=(
            f"Medians of balanced rounds ({rounds} of them) with their 95 % interval.{few(rounds)} Reference: "
            f"{BARE.name}, and for relayed traffic {IGNORED.name}. Goal for throughput: {GOAL_DECRYPTED:.2f} decrypted, "
            f"{GOAL_RELAYED:.2f} relayed.",
        ),
    )


def _cells(series: dict[Arm, Series]) -> tuple[str, ...]:
    """An addon with hooks of HTTP has nothing to do with what is relayed."""
    rate, cpu, *others = columns(series)
    return rate, cpu, *([] if IDLE in series else ["–", "–"]), *others


TRAFFIC = Measure(name="traffic", about="long-lived traffic, decrypted and relayed, side by side", run=run)
