"""When attempts of one stack were decided, and how long each lived: what later traffic is compared with. Pure."""

from dataclasses import dataclass, field
from enum import StrEnum

from pinprobe.attempts import REFUSALS, RELAY, RELAY_PROBES, TRUSTED_CA, Attempt, Outcome
from pinprobe.events.quick import quick
from pinprobe.evidence.doubts import doubts_of
from pinprobe.thresholds import LIVES_KEPT, MOMENTS_KEPT, SOON_MAX_S


class Turn(StrEnum):
    """What an attempt came to, as far as the app could notice."""

    REFUSED = "refused"
    WORKED = "worked"
    FAILED = "failed"
    """It came to nothing for another reason."""


_ARMS = frozenset({TRUSTED_CA, RELAY})
_WORKED = frozenset({Outcome.DATA_EXCHANGED, Outcome.RELAY_WORKED})
_FAILED = frozenset({Outcome.SIGNATURE_ALERT, Outcome.OTHER_ALERT, Outcome.UPSTREAM_FAILED, Outcome.RELAY_FAILED})


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """An attempt that was decided."""

    opened_s: float
    decided_s: float
    client: int
    connection_id: int
    turn: Turn
    probe_id: str = TRUSTED_CA
    """What it was shown."""

    def before(self, at_s: float) -> float:
        """How late before a moment this was known to the app: its decision, or its beginning where that is overtaken.

        On a busy machine what follows a refusal may be seen before the end of the connection that was refused.
        """
        return self.decided_s if self.decided_s <= at_s else self.opened_s


@dataclass(frozen=True, slots=True, order=True)
class Life:
    """A connection that carried data and has ended."""

    connection_id: int
    requests: int
    client_bytes: int
    lasted_s: float
    dropped: bool
    """The client closed it within moments of the answer."""
    cut_off: bool
    """It was open when the session ended, so how long it would have lived is not known."""
    trouble: bool
    """The real server answered with an error."""
    doubtful: bool
    """A name, a TLS parameter or a client certificate makes the connection another one than the app's own."""


_moment, _life = quick(Moment), quick(Life)


@dataclass(slots=True)
class Moments:
    """The decided attempts of one stack at one endpoint, and the lives of those that carried data."""

    decided: dict[int, Moment] = field(default_factory=dict)
    """By connection."""
    intercepted: dict[int, Life] = field(default_factory=dict)
    relayed: dict[int, Life] = field(default_factory=dict)
    until_s: float = float("inf")
    """Until when the decided attempts are known: where there were too many, the first are kept."""

    def settle(self, attempt: Attempt, at_s: float) -> None:
        """An attempt was decided, revised, or ended."""
        number, turn = attempt.connection_id, _turn(attempt)
        known = self.decided.get(number)
        if known is not None and known.turn is not turn:
            del self.decided[number]
            known = None
        if turn is not None and known is None:
            if len(self.decided) < MOMENTS_KEPT:
                self.decided[number] = _moment(attempt.opened_s, at_s, attempt.client, number, turn, attempt.probe_id)
            else:
                self.until_s = min(self.until_s, attempt.opened_s)
        if attempt.ended_s is not None and attempt.outcome in _WORKED and attempt.probe_id in _ARMS:
            self._live(attempt, attempt.ended_s)

    def _live(self, attempt: Attempt, ended_s: float) -> None:
        lives = self.intercepted if attempt.probe_id == TRUSTED_CA else self.relayed
        if len(lives) < LIVES_KEPT or attempt.connection_id in lives:
            dropped = (
                attempt.closed_by == "client"
                and attempt.answered_s is not None
                and ended_s - attempt.answered_s <= SOON_MAX_S
            )
            lives[attempt.connection_id] = _life(
                attempt.connection_id,
                attempt.requests,
                attempt.client_bytes,
                ended_s - attempt.opened_s,
                dropped,
                attempt.closed_by == "shutdown",
                attempt.trouble,
                bool(doubts_of(attempt)),
            )


def _turn(attempt: Attempt) -> Turn | None:
    if attempt.outcome in _WORKED:
        # What is let through under a certificate of ours says nothing of the control, but the app goes on as usual.
        return Turn.WORKED
    if attempt.outcome in REFUSALS and attempt.probe_id not in RELAY_PROBES:
        return Turn.REFUSED
    return Turn.FAILED if attempt.outcome in _FAILED else None
