"""The clock: read here and nowhere else, so that everything later works on times as data."""

import time


def now_s() -> float:
    """Unix seconds, as precise as a journal keeps them."""
    return round(time.time(), 6)
