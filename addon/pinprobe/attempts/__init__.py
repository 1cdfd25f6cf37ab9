"""Fold events into one Attempt per connection; group by endpoint. Pure."""

from pinprobe.attempts.attempt import UNATTRIBUTED, Attempt, Endpoint, Step
from pinprobe.attempts.fold import AttemptFold, Settled
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
]
