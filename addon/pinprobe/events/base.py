"""What all facts have in common: the time, the connection, and a certificate of a chain."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """One element of a chain, as far as judging needs it."""

    subject: str
    issuer: str
    pin_sha256: str
    not_before_s: float
    not_after_s: float
    is_ca: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A fact, and when it was seen."""

    at_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionEvent(Event):
    """A fact about one connection of a client to the proxy."""

    connection_id: int
