"""One question about an endpoint's evidence per card, and SIGNALS, the table. Pure."""

from pinprobe.signals.accepted import ACCEPTED, DECRYPTED, DECRYPTED_REPEATEDLY, TESTED
from pinprobe.signals.awaited import AWAITED
from pinprobe.signals.bad_certificates import ACCEPTS
from pinprobe.signals.ca_trust import CA_IN_SYSTEM_STORE, CA_TRUSTED_BY_APP, CA_TRUSTED_BY_STACK, CA_TRUSTED_HERE
from pinprobe.signals.card import Asked, Card, Kind, Signal, State
from pinprobe.signals.chain_check import CHAIN_CHECKED_IN_HANDSHAKE
from pinprobe.signals.cleartext_fallback import CLEARTEXT_FALLBACK
from pinprobe.signals.contrasts import (
    CA_TRUSTED_BY_EXPIRY,
    IMPATIENT,
    MIMIC_ACCEPTED,
    MIMIC_REFUSED,
    STUFFED_CHAIN_ACCEPTED,
)
from pinprobe.signals.control import CONTROL_FAILED, CONTROL_WORKED
from pinprobe.signals.doubt import EXPLAINED_OTHERWISE, MUTUAL_TLS, NAME_DOUBT, TLS_MISMATCH
from pinprobe.signals.mixed_outcomes import GAVE_UP_CHECKING, LATE_ENFORCEMENT, MIXED_OUTCOMES
from pinprobe.signals.peers import Peers, peers_of
from pinprobe.signals.refused import REFUSED, REFUSED_AFTER_HANDSHAKE, REFUSED_EVERY_TIME, REFUSED_IN_HANDSHAKE
from pinprobe.signals.replay import REPLAY_ACCEPTED, REPLAY_PINNED
from pinprobe.signals.silence import RETRY_STORM, SILENT_WHERE_CONTROL_TALKS
from pinprobe.signals.stacks import MIXED_BY_STACK, SECOND_STACK

__all__ = ["ACCEPTS", "SIGNALS", "Asked", "Card", "Kind", "Peers", "Reading", "Signal", "State", "peers_of", "read"]

SIGNALS: tuple[Card, ...] = (
    TESTED,
    ACCEPTED,
    DECRYPTED,
    DECRYPTED_REPEATEDLY,
    REFUSED,
    REFUSED_EVERY_TIME,
    REFUSED_IN_HANDSHAKE,
    REFUSED_AFTER_HANDSHAKE,
    CONTROL_WORKED,
    CONTROL_FAILED,
    CA_TRUSTED_HERE,
    CA_TRUSTED_BY_STACK,
    CA_TRUSTED_BY_APP,
    CA_IN_SYSTEM_STORE,
    CHAIN_CHECKED_IN_HANDSHAKE,
    *ACCEPTS,
    MIMIC_REFUSED,
    MIMIC_ACCEPTED,
    STUFFED_CHAIN_ACCEPTED,
    CA_TRUSTED_BY_EXPIRY,
    IMPATIENT,
    REPLAY_PINNED,
    REPLAY_ACCEPTED,
    MUTUAL_TLS,
    TLS_MISMATCH,
    NAME_DOUBT,
    EXPLAINED_OTHERWISE,
    MIXED_OUTCOMES,
    GAVE_UP_CHECKING,
    LATE_ENFORCEMENT,
    SECOND_STACK,
    MIXED_BY_STACK,
    CLEARTEXT_FALLBACK,
    SILENT_WHERE_CONTROL_TALKS,
    RETRY_STORM,
    *AWAITED,
)

Reading = dict[str, Signal]
"""Every signal's answer, by id."""


def read(asked: Asked) -> Reading:
    """Ask every question about one stack at one endpoint."""
    return {card.id: card.ask(asked) for card in SIGNALS}
