"""What follows a refusal: cleartext to the same registrable domain, told from cleartext that comes anyway. Pure.

On a busy machine the cleartext request may be seen before the close of the connection that was refused, so a
request beside an attempt that is not decided yet is counted when that attempt is.
"""

from dataclasses import dataclass, field

from pinprobe.attempts import REFUSALS, Attempt, Endpoint, Outcome, Settled
from pinprobe.thresholds import ENDPOINTS_KEPT, FALLBACK_WINDOW_S

DECIDED = REFUSALS | {Outcome.DATA_EXCHANGED, Outcome.RELAY_WORKED}
"""Outcomes after which an app may change its ways."""

Place = tuple[int, str]
"""A client and a registrable domain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """Cleartext, and the attempt that it followed."""

    endpoint: Endpoint
    stack: str
    refused: bool
    """The attempt was a refusal, moments before."""
    port: int


@dataclass(slots=True)
class Fallbacks:
    """Joins cleartext requests to the attempts they follow."""

    _undecided: dict[int, tuple[Place, float]] = field(default_factory=dict)
    """Attempts without an outcome, by connection, and when they began."""
    _beside: dict[int, list[tuple[float, int]]] = field(default_factory=dict)
    """Cleartext seen while they were undecided: time and port."""
    _latest: dict[Place, tuple[Attempt, float]] = field(default_factory=dict)
    """The attempt that was decided last, and when."""

    def began(self, connection_id: int, place: Place, at_s: float) -> None:
        """A handshake began."""
        self._undecided[connection_id] = (place, at_s)

    def settled(self, settled: Settled, place: Place, at_s: float) -> list[Followed]:
        """An attempt has its outcome; returns the cleartext that waited for it."""
        attempt = settled.attempt
        if settled.before is not None and settled.before.outcome is attempt.outcome:
            return []
        self._undecided.pop(attempt.connection_id, None)
        if attempt.outcome in DECIDED:
            self._latest[place] = (attempt, at_s)
            if len(self._latest) > ENDPOINTS_KEPT:
                self._latest.pop(next(iter(self._latest)))
        waiting = self._beside.pop(attempt.connection_id, [])
        followed = [self._follows(place, seen_s, port) for seen_s, port in waiting]
        return [one for one in followed if one is not None]

    def ended(self, connection_id: int) -> None:
        """A connection is over."""
        self._undecided.pop(connection_id, None)
        self._beside.pop(connection_id, None)

    def cleartext(self, place: Place, at_s: float, port: int) -> Followed | None:
        """A request without TLS; None where it follows nothing, or must wait for an attempt to be decided."""
        beside = [
            (began_s, connection_id)
            for connection_id, (where, began_s) in self._undecided.items()
            if where == place and at_s - began_s <= FALLBACK_WINDOW_S
        ]
        if beside:
            self._beside.setdefault(max(beside)[1], []).append((at_s, port))
            return None
        return self._follows(place, at_s, port)

    def _follows(self, place: Place, at_s: float, port: int) -> Followed | None:
        if place not in self._latest:
            return None
        attempt, decided_s = self._latest[place]
        refused = attempt.outcome in REFUSALS and at_s - decided_s <= FALLBACK_WINDOW_S
        return Followed(endpoint=attempt.endpoint, stack=attempt.stack, refused=refused, port=port)
