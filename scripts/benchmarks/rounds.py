"""Paired rounds: in each, every arm takes its turn at the same task, in another order; then they are compared."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from benchmarks.stats import Estimate, estimate, paired_ratio
from benchmarks.world import Arm

T = TypeVar("T")

SETTLE_S = 0.3
"""After a turn: longer than pinprobe waits before it writes."""
FEW_ROUNDS = 8
"""With fewer the interval means little."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one arm did when it was its turn."""

    amount: float
    """Of whatever is counted: connections, requests, megabytes."""
    seconds: float
    refused: int = 0
    failed: int = 0


@dataclass(slots=True, kw_only=True)
class Series:
    """What one arm did at one task, round by round."""

    rate: list[float] = field(default_factory=list)
    """Amount per second."""
    cpu_ms: list[float] = field(default_factory=list)
    """Processor time of mitmdump per amount, in milliseconds, of its own turn and a moment more, so that what was put
    off is charged too. What comes by the clock while the others have their turn is not: it is no part of the work."""
    refused: int = 0
    failed: int = 0

    def __add__(self, other: Series) -> Series:
        return Series(
            rate=self.rate + other.rate,
            cpu_ms=self.cpu_ms + other.cpu_ms,
            refused=self.refused + other.refused,
            failed=self.failed + other.failed,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One arm against the arm of reference."""

    rate: Estimate
    """Above 1 is faster."""
    cpu: Estimate
    """Above 1 costs more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Something that arms can be asked to do again and again."""

    name: str
    arms: tuple[Arm, ...]
    """The first is the reference."""
    turn: Callable[[Arm], Turn]


Measured = dict[str, dict[Arm, Series]]
"""By task and arm."""


def measure(
    tasks: Sequence[Task], rounds: int, limit_s: float, cpu_s: Callable[[Arm], float], say: Callable[[str], None]
) -> Measured:
    """All tasks in each round, so that a machine that gets busier disturbs them alike. No round begins after the limit."""
    started_s = time.monotonic()
    measured: Measured = {task.name: {arm: Series() for arm in task.arms} for task in tasks}
    turns = {task.name: orders(task.arms, shift) for shift, task in enumerate(tasks)}
    for number in range(1, rounds + 1):
        for task in tasks:
            said = _one(task, next(turns[task.name]), measured[task.name], cpu_s)
            say(f"round {number} of up to {rounds}, {task.name}: {said}")
        if time.monotonic() - started_s > limit_s:
            break
    return measured


def _one(task: Task, order: Sequence[Arm], into: dict[Arm, Series], cpu_s: Callable[[Arm], float]) -> str:
    for arm in order:
        before_s = cpu_s(arm)
        turn = task.turn(arm)
        time.sleep(SETTLE_S)
        into[arm].rate.append(turn.amount / turn.seconds)
        into[arm].cpu_ms.append((cpu_s(arm) - before_s) / turn.amount * 1000)
        into[arm].refused += turn.refused
        into[arm].failed += turn.failed
    return ", ".join(f"{into[arm].rate[-1]:.0f}/s {arm.name}" for arm in task.arms)


def orders(arms: Sequence[T], shift: int = 0) -> Iterator[tuple[T, ...]]:
    """Without end, every order equally often: whoever goes first or second gains nothing by it in the long run.

    One order's rotations follow one another, so that few rounds are balanced too: each arm comes first once.
    """
    first, *rest = arms
    bases = [(first, *others) for others in itertools.permutations(rest)]
    every = [(*base[at:], *base[:at]) for base in bases for at in range(len(arms))]
    return itertools.islice(itertools.cycle(every), shift % len(every), None)


def compare(ours: Series, reference: Series) -> Comparison:
    """Round by round."""
    return Comparison(rate=paired_ratio(ours.rate, reference.rate), cpu=paired_ratio(ours.cpu_ms, reference.cpu_ms))


def columns(series: dict[Arm, Series]) -> tuple[str, ...]:
    """Of a row: the reference's rate and processor time, then each other arm's two ratios."""
    (_, reference), *others = series.items()
    cells = [f"{estimate(reference.rate).median:.1f}", f"{estimate(reference.cpu_ms).median:.3f}"]
    for _, one in others:
        against = compare(one, reference)
        cells += [str(against.rate), str(against.cpu)]
    return tuple(cells)


def few(rounds: int) -> str:
    """A warning, where the rounds were too few."""
    return " Too few to lean on: a first look, or a machine busy with other things." if rounds < FEW_ROUNDS else ""
