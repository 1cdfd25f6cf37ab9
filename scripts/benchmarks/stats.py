"""Paired ratios and how sure they are. Pure."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

RESAMPLES = 4000
SEED = 20_261_123
"""The interval comes from chance; the same measurements give the same interval."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A median with the interval that holds it in 95 of 100 resamples."""

    median: float
    low: float
    high: float
    count: int

    def __str__(self) -> str:
        if self.count == 1:
            return f"{self.median:.3f}"  # one value has no interval
        return f"{self.median:.3f} ({self.low:.3f} to {self.high:.3f})"


def estimate(values: Sequence[float]) -> Estimate:
    """Percentile bootstrap of the median."""
    if not values:
        raise ValueError("nothing was measured")
    chance = random.Random(SEED)
    medians = sorted(median(chance.choices(values, k=len(values))) for _ in range(RESAMPLES))
    return Estimate(
        median=median(values),
        low=medians[int(RESAMPLES * 0.025)],
        high=medians[int(RESAMPLES * 0.975) - 1],
        count=len(values),
    )


def paired_ratio(tested: Sequence[float], reference: Sequence[float]) -> Estimate:
    """Tested over reference, round by round: what disturbs a whole round disturbs both."""
    return estimate([ours / theirs for ours, theirs in zip(tested, reference, strict=True)])
