"""Plays the cases through every fault, and counts what became of their verdicts."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace

from tests.live.cases import CASES, Case
from tests.live.world import RunningWorld, World

from measuring.outcome import Measure, Outcome, Settings
from standin.clients import CLIENTS
from stressing.faults.stage import PATIENCE_S, Played, play
from stressing.faults.table import FAULTS as NETWORKS
from stressing.faults.table import NONE, Fault
from stressing.faults.verdicts import CHANGES, change

AT_A_TIME = 2
"""Proxies at once."""
CASES_EACH = 10
"""Apps of one proxy: more would wait for one another longer than they wait for the network."""
SHORT_NETWORKS, SHORT_CASES = 6, 10
NIGHTLY_SEEDS = 3
FEW = (3, 4, 5, 6, 8)
"""Connections of an app that does not come back often: chance has more say in small numbers."""
WRONG_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Cases that share a proxy."""

    cases: tuple[Case, ...]
    fault: Fault
    seed: int


def run(settings: Settings) -> Outcome:
    """Play, compare with the good network, and print who changed how."""
    cases = [case for case in CASES if CLIENTS[case.client].missing() is None]
    faults, seeds = NETWORKS, range(settings.seed, settings.seed + NIGHTLY_SEEDS)
    if not settings.long:
        chance = random.Random(settings.seed)
        cases = chance.sample([case for case in cases if not case.hold_s], SHORT_CASES)
        faults = tuple(chance.sample(NETWORKS, SHORT_NETWORKS))
        seeds = range(settings.seed, settings.seed + 1)
    good = list(batches(cases, (NONE,), seeds[:1]))
    bad = list(batches(cases, faults, seeds))
    with RunningWorld(settings.folder / "world") as world:
        before = {one.case.id: one.said for one in played(good, world, settings)}
        after = list(played(bad, world, settings))
    return outcome(before, after)


def batches(cases: Sequence[Case], faults: Sequence[Fault], seeds: Sequence[int]) -> Iterator[Batch]:
    """Every case through every fault, with every seed; on a bad network some apps connect less often."""
    for seed in seeds:
        for fault in faults:
            chance = random.Random(f"{seed}|{fault.name}|{fault.side}")
            cast = [patient(case) if fault is NONE else varied(case, chance) for case in cases]
            chance.shuffle(cast)
            for store in sorted({case.store for case in cast}):
                same = [case for case in cast if case.store == store]
                for start in range(0, len(same), CASES_EACH):
                    yield Batch(cases=tuple(same[start : start + CASES_EACH]), fault=fault, seed=chance.getrandbits(30))


def patient(case: Case) -> Case:
    """The case with this measure's time-out."""
    return replace(case, timeout_s=min(case.timeout_s, PATIENCE_S))


def varied(case: Case, chance: random.Random) -> Case:
    """The same, often with fewer connections; as many draws whatever comes of them."""
    few, fewer = chance.choice(FEW), chance.random() < 0.5
    return replace(patient(case), attempts=min(few, case.attempts) if fewer else case.attempts)


def played(todo: Sequence[Batch], world: World, settings: Settings) -> Iterator[Played]:
    """All of them, as they come."""
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        futures = {pool.submit(play, one.cases, one.fault, one.seed, world): one for one in todo}
        try:
            for number, future in enumerate(as_completed(futures), start=1):
                batch = futures[future]
                found = future.result()
                said = Counter(one.verdict for one in found)
                words = ", ".join(f"{count} {verdict}" for verdict, count in said.most_common())
                settings.say(f"{number} of {len(todo)}: {batch.fault.name} ({batch.fault.side}): {words}")
                yield from found
        finally:
            pool.shutdown(cancel_futures=True)


def outcome(before: dict[str, tuple[str, str]], after: Sequence[Played]) -> Outcome:
    """By fault: how many verdicts changed how; by truth: what was said."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    wrong = []
    for one in after:
        became = change(one.case.truth, before[one.case.id], one.said)
        counts.setdefault((one.fault.name, one.fault.side), Counter())[became] += 1
        if became == "wrong":
            wrong.append(sentence(one))
    rows = [
        (f"{name}, {side}", *(str(found[kind]) for kind in CHANGES), str(found.total()))
        for (name, side), found in counts.items()
    ]
    total: Counter[str] = sum(counts.values(), Counter())
    rows.append(("all", *(str(total[kind]) for kind in CHANGES), str(total.total())))
    return Outcome(headers=("network", *CHANGES, "runs"), rows=tuple(rows), notes=confusion(after), wrong=tuple(wrong))


def confusion(after: Sequence[Played]) -> tuple[str, ...]:
    """A line for each truth: what was said of such clients, and how often."""
    said: dict[str, Counter[str]] = {}
    for one in after:
        said.setdefault(one.case.truth, Counter())[" ".join(one.said).strip()] += 1
    return tuple(
        f"{truth}: {', '.join(f'{count} {words}' for words, count in found.most_common())}"
        for truth, found in sorted(said.items())
    )


def sentence(one: Played) -> str:
    """All that is needed to look for it."""
    return (
        f"{one.case.id}, {one.case.attempts} connections, {one.fault.name} ({one.fault.side}): "
        f"{one.case.truth}, called {' '.join(one.said)}: {one.told.get('reason', '')}"
    )


FAULTS = Measure(
    name="faults",
    about="Do verdicts stay right on networks that reset, stall, lose and cut?",
    run=run,
)
