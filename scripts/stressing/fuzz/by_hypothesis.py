"""The engine that knows nothing of the code: Hypothesis draws what to begin with, and each draw is damaged many times.

Hypothesis alone takes a millisecond for each input, most of it spent on being able to shrink it; drawing a start and
the damages' seed brings the same inputs a hundred times as fast, and every run with one seed is the same run.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import hypothesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from stressing.fuzz.attempt import Attempts

CHILDREN = 100
"""Inputs for each draw."""
GENERATIONS = 4
"""Damages of the damaged: one input of a draw in so many is damaged further on."""


def run(attempts: Attempts, inputs: int, seed: int, tell: Callable[[], None]) -> None:
    """Put so many inputs, or a few more, to the target."""
    target = attempts.target
    seeds = target.seeds()
    for one in seeds:
        attempts.put(one)
    starts = st.sampled_from(seeds) | st.tuples(st.sampled_from(seeds), st.sampled_from(seeds)).map(_spliced) | _JUNK
    draws = max(1, (inputs - len(seeds)) // CHILDREN)

    @hypothesis.seed(seed)
    @settings(
        max_examples=draws,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(starts, st.integers(0, 2**64 - 1))
    def one_draw(start: bytes, number: int) -> None:
        chance = Random(number)
        data = start
        for child in range(CHILDREN):
            data = target.mutate(start if child % GENERATIONS == 0 else data, chance)
            attempts.put(data)
        tell()

    one_draw()
    chance = Random(seed)
    while attempts.count < inputs:
        attempts.put(target.mutate(chance.choice(seeds), chance))


def _spliced(two: tuple[bytes, bytes]) -> bytes:
    """The beginning of one and the end of another."""
    first, second = two
    return first[: len(first) // 2] + second[len(second) // 2 :]


_JUNK = st.binary(max_size=300) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass"))
