"""`scripts/stress faults`: the live suite's cases through bad networks. A verdict may grow weaker, never wrong."""

from stressing.faults.measure import FAULTS

__all__ = ["FAULTS"]
