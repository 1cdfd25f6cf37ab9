"""What was made of an endpoint, found again as long as the endpoint says the same. Pure."""

from collections.abc import Callable
from typing import Generic, TypeVar

from pinprobe.attempts import Endpoint

Made = TypeVar("Made")

MOST = 1024
"""Endpoints that are remembered."""


class Remembered(Generic[Made]):
    """The latest of each endpoint alone. Nobody asks for an earlier one, and one of an endpoint that hostile clients met
    may be megabytes long."""

    def __init__(self) -> None:
        self._made: dict[Endpoint, tuple[object, Made]] = {}
        """What it was made of, and what was made."""

    def of(self, endpoint: Endpoint, said: object, make: Callable[[], Made]) -> Made:
        """What was made last, where the same was `said` then, else what is made now."""
        known = self._made.get(endpoint)
        if known is None or known[0] != said:
            known = said, make()
            if endpoint not in self._made and len(self._made) >= MOST:
                self._made.clear()  # in one step, since two sessions may be rendered at once
            self._made[endpoint] = known
        return known[1]

    def forget(self) -> None:
        """As if nothing had been made."""
        self._made.clear()
