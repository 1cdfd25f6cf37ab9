"""One question about an endpoint's evidence per card, and SIGNALS, the table. Pure."""

from pinprobe.signals.accepted import ACCEPTED, DECRYPTED, DECRYPTED_REPEATEDLY, TESTED
from pinprobe.signals.bad_certificates import ACCEPTS
from pinprobe.signals.bypass import BYPASS
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
from pinprobe.signals.ct_excluded import CT_EXCLUDED
from pinprobe.signals.debuggable_build import DEBUGGABLE_BUILD
from pinprobe.signals.declared_but_not_enforced import DECLARED_BUT_NOT_ENFORCED
from pinprobe.signals.declared_pin import DECLARED_PIN
from pinprobe.signals.distrust_declared import DISTRUST_DECLARED
from pinprobe.signals.doubt import EXPLAINED_OTHERWISE, MUTUAL_TLS, NAME_DOUBT, TLS_MISMATCH
from pinprobe.signals.exemption_excluded import EXEMPTION_EXCLUDED
from pinprobe.signals.fallbacks import fallbacks_here
from pinprobe.signals.flips_between_runs import FLIPS_BETWEEN_RUNS
from pinprobe.signals.gave_up_checking import GAVE_UP_CHECKING
from pinprobe.signals.host_fallback import HOST_FALLBACK, REPORTERS
from pinprobe.signals.idle_only import IDLE_ONLY, idle_only
from pinprobe.signals.in_app_diagnostic import DIAGNOSED_OTHER_CAUSE, DIAGNOSED_PIN
from pinprobe.signals.late_enforcement import LATE_ENFORCEMENT
from pinprobe.signals.leaked_before_check import LEAKED_BEFORE_CHECK
from pinprobe.signals.less_traffic_than_control import LESS_TRAFFIC_THAN_CONTROL
from pinprobe.signals.missing_endpoints import MISSING_ENDPOINTS
from pinprobe.signals.mixed_by_stack import MIXED_BY_STACK
from pinprobe.signals.mixed_outcomes import MIXED_OUTCOMES
from pinprobe.signals.peers import NOT_THE_APPS_OWN, Peers, peers_of
from pinprobe.signals.policy_headers import EXPECT_CT_HEADER, PUBLIC_KEY_PINS_HEADER
from pinprobe.signals.protocol_fallback import PROTOCOL_FALLBACK
from pinprobe.signals.refusals_unattributed import REFUSALS_UNATTRIBUTED
from pinprobe.signals.refused import REFUSED, REFUSED_AFTER_HANDSHAKE, REFUSED_EVERY_TIME, REFUSED_IN_HANDSHAKE
from pinprobe.signals.replay import REPLAY_ACCEPTED, REPLAY_PINNED
from pinprobe.signals.report_only import REPORT_ONLY
from pinprobe.signals.retry_storm import RETRY_STORM
from pinprobe.signals.same_anchors_declared import SAME_ANCHORS_DECLARED
from pinprobe.signals.same_exchange_elsewhere import SAME_EXCHANGE_ELSEWHERE
from pinprobe.signals.second_stack import SECOND_STACK
from pinprobe.signals.silent_where_control_talks import SILENT_WHERE_CONTROL_TALKS
from pinprobe.signals.traffic import held_over

__all__ = [
    "ACCEPTS",
    "NOT_THE_APPS_OWN",
    "REPORTERS",
    "SIGNALS",
    "Asked",
    "Card",
    "Kind",
    "Peers",
    "Reading",
    "Signal",
    "State",
    "fallbacks_here",
    "held_over",
    "idle_only",
    "peers_of",
    "read",
]

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
    IDLE_ONLY,
    REFUSALS_UNATTRIBUTED,
    DIAGNOSED_PIN,
    DIAGNOSED_OTHER_CAUSE,
    DECLARED_PIN,
    SAME_ANCHORS_DECLARED,
    CT_EXCLUDED,
    EXEMPTION_EXCLUDED,
    DISTRUST_DECLARED,
    DEBUGGABLE_BUILD,
    # Degradations: what an app did instead of failing, the most telling first.
    CLEARTEXT_FALLBACK,
    SAME_EXCHANGE_ELSEWHERE,
    LEAKED_BEFORE_CHECK,
    REPORT_ONLY,
    GAVE_UP_CHECKING,
    LATE_ENFORCEMENT,
    MIXED_OUTCOMES,
    SECOND_STACK,
    MIXED_BY_STACK,
    SILENT_WHERE_CONTROL_TALKS,
    DECLARED_BUT_NOT_ENFORCED,
    HOST_FALLBACK,
    PROTOCOL_FALLBACK,
    BYPASS,
    RETRY_STORM,
    MISSING_ENDPOINTS,
    LESS_TRAFFIC_THAN_CONTROL,
    FLIPS_BETWEEN_RUNS,
    PUBLIC_KEY_PINS_HEADER,
    EXPECT_CT_HEADER,
)

Reading = dict[str, Signal]
"""Every signal's answer, by id."""


def read(asked: Asked) -> Reading:
    """Ask every question about one stack at one endpoint."""
    return {card.id: card.ask(asked) for card in SIGNALS}
