"""Throughput and processor time, paired: each round sends the same load through every proxy, in another order."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.load import Load, Tally
from benchmarks.process import cpu_s
from benchmarks.stats import Estimate, estimate, paired_ratio
from benchmarks.world import BARE, Arm, running

WORKERS = 3
HOSTS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much to measure."""

    connections: int
    """Per proxy and round."""
    rounds: int
    limit_s: float
    """No new round is begun so long after the start, so that a slow machine ends in time too."""


@dataclass(slots=True, kw_only=True)
class Measured:
    """What one proxy did, round by round."""

    per_second: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    """Processor time of mitmdump per connection, in milliseconds. It runs over the whole round, others' turns
    included, so that work put off until later is charged to whoever put it off."""
    refused: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One arm against mitmdump alone."""

    arm: Arm
    per_second: Estimate
    cpu_ms: Estimate
    throughput_ratio: Estimate
    """Above 1 is faster than mitmdump alone."""
    cpu_ratio: Estimate
    """Above 1 costs more than mitmdump alone."""
    refused: int
    failed: int


def measure(folder: Path, arms: tuple[Arm, ...], plan: Plan, say: Callable[[str], None]) -> list[Comparison]:
    """Run the rounds and compare every arm, mitmdump alone included, with mitmdump alone."""
    started_s = time.monotonic()
    say(f"starting an origin and {len(arms)} proxies")
    with running(folder, arms, hosts=HOSTS) as world:
        with Load(trust=world.trust, hosts=world.hosts, workers=WORKERS) as load:

            def turn(arm: Arm) -> Tally:
                return load.run(world.proxies[arm].address, plan.connections)

            def used(arm: Arm) -> float:
                return cpu_s(world.pid(arm))

            say("warming up: certificates are made, every host is seen")
            for arm in arms:
                turn(arm)
            measured = _rounds(arms, plan, started_s, turn, used, say)
    return [_compare(arm, measured[arm], measured[BARE]) for arm in arms]


def _rounds(
    arms: tuple[Arm, ...],
    plan: Plan,
    started_s: float,
    turn: Callable[[Arm], Tally],
    used: Callable[[Arm], float],
    say: Callable[[str], None],
) -> dict[Arm, Measured]:
    measured = {arm: Measured() for arm in arms}
    # Every order equally often: whoever goes first or second gains nothing by it in the long run.
    orders = itertools.cycle(itertools.permutations(arms))
    mark = {arm: used(arm) for arm in arms}
    for number, order in zip(range(1, plan.rounds + 1), orders, strict=False):
        for arm in order:
            tally = turn(arm)
            measured[arm].per_second.append(tally.per_second)
            measured[arm].refused += tally.refused
            measured[arm].failed += tally.failed
        for arm in arms:
            now = used(arm)
            measured[arm].cpu_ms.append((now - mark[arm]) / plan.connections * 1000)
            mark[arm] = now
        elapsed_s = time.monotonic() - started_s
        say(
            f"round {number} of up to {plan.rounds}: connections per second: "
            + ", ".join(f"{measured[arm].per_second[-1]:.0f} {arm.name}" for arm in arms)
        )
        if elapsed_s > plan.limit_s:
            break
    return measured


def _compare(arm: Arm, ours: Measured, bare: Measured) -> Comparison:
    return Comparison(
        arm=arm,
        per_second=estimate(ours.per_second),
        cpu_ms=estimate(ours.cpu_ms),
        throughput_ratio=paired_ratio(ours.per_second, bare.per_second),
        cpu_ratio=paired_ratio(ours.cpu_ms, bare.cpu_ms),
        refused=ours.refused,
        failed=ours.failed,
    )
