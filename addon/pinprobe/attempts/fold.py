"""Fold events into one Attempt per connection. Pure.

An attempt is settled as soon as its outcome is known (the first request, the refusal, the control that worked)
and revised when its end adds something (a silent connection that speaks after all, how long data flowed).
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from operator import attrgetter

from pinprobe import events as ev
from pinprobe.attempts.attempt import Attempt
from pinprobe.attempts.classify import outcome_of
from pinprobe.attempts.connection import Connection, attempt_of, endpoint_of, facts_of
from pinprobe.attempts.noting import note
from pinprobe.events.quick import quick

_said = attrgetter(*(field.name for field in fields(Attempt) if field.name not in {"line", "moments"}))
"""What an attempt says: all of it, except when it was said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """An attempt whose outcome is known, and what was said of it before, if anything."""

    attempt: Attempt
    before: Attempt | None = None


_settled: Callable[..., Settled] = quick(Settled)


class AttemptFold:
    """Turns a stream of events into settled attempts. Memory grows with open connections only."""

    def __init__(self) -> None:
        self._open: dict[int, Connection] = {}
        self._declared_app: str | None = None
        self._line = 0

    @property
    def line(self) -> int:
        """How many events were fed: the journal line of the last one."""
        return self._line

    def feed(self, event: ev.Event) -> Settled | None:
        """Take one event; return the attempt that it settles or revises."""
        self._line += 1
        if not isinstance(event, ev.ConnectionEvent):
            if isinstance(event, ev.SessionStarted):
                self._declared_app = event.app_id
            return None
        if isinstance(event, ev.ConnectionOpened):
            self._open[event.connection_id] = Connection(opened=event)
            return None
        connection = self._open.get(event.connection_id)
        if connection is None:
            return None
        matters = note(connection, event)
        if isinstance(event, ev.ConnectionClosed) and event.closed_by != "timer":
            del self._open[event.connection_id]
        return self._settle(connection) if matters else None

    def decided(self, connection_id: int) -> bool:
        """Whether an open connection has its outcome, or is not known at all."""
        connection = self._open.get(connection_id)
        return connection is None or connection.said is not None

    def finish(self, at_s: float) -> list[Settled]:
        """Settle what is still open, as of this time: the journal ended without saying more."""
        settled = []
        for number in sorted(self._open):
            connection = self._open[number]
            if connection.closed is None:
                connection.closed = ev.ConnectionClosed(
                    at_s=at_s,
                    connection_id=number,
                    closed_by="shutdown",
                    client_bytes=0,
                    server_bytes=0,
                    requests=connection.requests,
                )
                if attempt := self._settle(connection):
                    settled.append(attempt)
        self._open.clear()
        return settled

    def _settle(self, connection: Connection) -> Settled | None:
        outcome = outcome_of(connection)
        if outcome is None:
            return None
        facts = (outcome, *facts_of(connection))
        if facts == connection.said_of:
            return None
        endpoint = endpoint_of(connection, self._declared_app)
        if endpoint is None:
            return None
        attempt = attempt_of(connection, endpoint, outcome, self._line)
        connection.said_of = facts
        before = connection.said
        if (
            before is not None
            and before.requests == attempt.requests  # these two change most, and are quickly compared
            and before.ended_s == attempt.ended_s
            and _said(before) == _said(attempt)
        ):
            return None
        connection.said = attempt
        return _settled(attempt, before)
