"""What a process holds in memory now, and how it grows. Linux."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def resident_mb(pid: int) -> float:
    """Memory that is resident now. Raises OSError if the process is gone."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"/proc/{pid}/status does not tell the memory")


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Growth per unit, by least squares; 0 for fewer than two points."""
    if len(points) < 2:
        return 0.0
    mean_x, mean_y = (sum(values) / len(points) for values in zip(*points, strict=True))
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0
