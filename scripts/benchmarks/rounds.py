"""Balanced rounds: in each, every arm takes its turn at the same task once in every place; then they are compared.

Whoever goes first may be a third faster or slower (measured), so that a turn beside another says little. A ratio is only
taken of whole rounds, in which every arm went first, second and so on as often as every other.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import add
from typing import TypeVar

from benchmarks.stats import Estimate, estimate, paired_ratio
from benchmarks.world import Arm

T = TypeVar("T")

SETTLE_S = 0.3
"""After a turn: longer than pinprobe waits before it writes."""
FEW_ROUNDS = 5
"""With fewer not even the whole range would hold the median in 95 of 100 cases."""


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
    """Processor time of mitmdump per amount, in milliseconds, of its own turns and a moment more after each, so that
    what was put off is charged too. What comes by the clock while the others have their turn is not: it is no part of
    the work."""
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
    for number in range(rounds):
        for task in tasks:
            said = _one(task, number, measured[task.name], cpu_s)
            say(f"round {number + 1} of up to {rounds}, {task.name}: {said}")
        if time.monotonic() - started_s > limit_s:
            break
    return measured


def _one(task: Task, number: int, into: dict[Arm, Series], cpu_s: Callable[[Arm], float]) -> str:
    turns: dict[Arm, list[Turn]] = {arm: [] for arm in task.arms}
    used_s = dict.fromkeys(task.arms, 0.0)
    for arm in balanced(task.arms, number):
        before_s = cpu_s(arm)
        turns[arm].append(task.turn(arm))
        time.sleep(SETTLE_S)
        used_s[arm] += cpu_s(arm) - before_s
    for arm, taken in turns.items():
        amount = sum(turn.amount for turn in taken)
        into[arm].rate.append(amount / sum(turn.seconds for turn in taken))
        into[arm].cpu_ms.append(used_s[arm] / amount * 1000)
        into[arm].refused += sum(turn.refused for turn in taken)
        into[arm].failed += sum(turn.failed for turn in taken)
    return ", ".join(f"{into[arm].rate[-1]:.0f}/s {arm.name}" for arm in task.arms)


def balanced(arms: Sequence[T], number: int) -> Iterator[T]:
    """The turns of a round: an order and its rotations, so that each arm is once in each place.

    Another order each time, as far as there are others, and another arm that begins.
    """
    first, *rest = arms
    others = list(itertools.permutations(rest))
    order = (first, *others[number % len(others)])
    for step in range(len(order)):
        at = (number + step) % len(order)
        yield from order[at:] + order[:at]


def together(parts: Sequence[Measured]) -> Measured:
    """The same tasks, measured several times."""
    return {
        task: {arm: reduce(add, (part[task][arm] for part in parts)) for arm in arms} for task, arms in parts[0].items()
    }


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
