"""Fold events into one Attempt per connection; group by endpoint. Pure."""

from pinprobe.attempts.attempt import Attempt, Endpoint, Step
from pinprobe.attempts.connection import endpoint_named
from pinprobe.attempts.fold import AttemptFold, Settled
from pinprobe.attempts.naming import place
from pinprobe.attempts.outcome import (
    REFUSALS,
    RELAY,
    RELAY_PROBES,
    RELAYS,
    SIGNATURE_ALERTS,
    TRUSTED_CA,
    Outcome,
    alert_name,
)
from pinprobe.events import UNATTRIBUTED

__all__ = [
    "REFUSALS",
    "RELAY",
    "RELAYS",
    "RELAY_PROBES",
    "SIGNATURE_ALERTS",
    "TRUSTED_CA",
    "UNATTRIBUTED",
    "Attempt",
    "AttemptFold",
    "Endpoint",
    "Outcome",
    "Settled",
    "Step",
    "alert_name",
    "endpoint_named",
    "place",
]
