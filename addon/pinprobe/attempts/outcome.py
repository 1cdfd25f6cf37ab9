"""How an attempt can end, and which alerts mean what. Pure."""

from enum import StrEnum

CERTIFICATE_ALERTS = frozenset({42, 43, 44, 45, 46, 48, 49})
"""Alerts about the peer's certificate (RFC 8446, section 6.2): only these are ever a refusal."""
SIGNATURE_ALERTS = frozenset({51, 40, 10})
"""What stacks answer to a genuine chain with a bogus signature: 51, JSSE 40, Go on TLS 1.2 10 (measured)."""
FATAL = 2
"""Alert level (RFC 8446, section 6)."""
CLOSING_ALERTS = frozenset({0, 90})
"""close_notify, and the user_canceled that JSSE sends before it: a close, not a refusal."""

RELAY = "relay"
"""The probe id of the control: untouched bytes."""
RELAY_DELAYED = "relay_delayed"
"""The same, held back as long as interception takes."""
RELAY_PROBES = frozenset({RELAY, RELAY_DELAYED})
"""Probes that show the server's own certificate."""
TRUSTED_CA = "trusted_ca"
"""The probe id of normal interception."""


class Outcome(StrEnum):
    """How one attempt ended."""

    DATA_EXCHANGED = "data_exchanged"
    PREFACE_ONLY = "preface_only"
    ALERT_DURING_HANDSHAKE = "alert_during_handshake"
    SIGNATURE_ALERT = "signature_alert"
    OTHER_ALERT = "other_alert"
    CLOSED_DURING_HANDSHAKE = "closed_during_handshake"
    CLOSED_BEFORE_CERTIFICATE = "closed_before_certificate"
    ALERT_AFTER_HANDSHAKE = "alert_after_handshake"
    CLOSED_WITHOUT_DATA = "closed_without_data"
    SILENT = "silent"
    RESUMED = "resumed"
    UPSTREAM_FAILED = "upstream_failed"
    RELAY_WORKED = "relay_worked"
    RELAY_FAILED = "relay_failed"
    RELAY_UNCLEAR = "relay_unclear"
    PROXY_ERROR = "proxy_error"
    UNFINISHED = "unfinished"


REFUSALS_AFTER_HANDSHAKE = frozenset({Outcome.ALERT_AFTER_HANDSHAKE, Outcome.CLOSED_WITHOUT_DATA})
REFUSALS = REFUSALS_AFTER_HANDSHAKE | {Outcome.ALERT_DURING_HANDSHAKE, Outcome.CLOSED_DURING_HANDSHAKE}
RELAYS = frozenset({Outcome.RELAY_WORKED, Outcome.RELAY_FAILED, Outcome.RELAY_UNCLEAR})

ALERT_NAMES = {
    0: "close_notify",
    10: "unexpected_message",
    20: "bad_record_mac",
    22: "record_overflow",
    40: "handshake_failure",
    42: "bad_certificate",
    43: "unsupported_certificate",
    44: "certificate_revoked",
    45: "certificate_expired",
    46: "certificate_unknown",
    47: "illegal_parameter",
    48: "unknown_ca",
    49: "access_denied",
    50: "decode_error",
    51: "decrypt_error",
    70: "protocol_version",
    71: "insufficient_security",
    80: "internal_error",
    86: "inappropriate_fallback",
    90: "user_canceled",
    109: "missing_extension",
    110: "unsupported_extension",
    112: "unrecognized_name",
    113: "bad_certificate_status_response",
    115: "unknown_psk_identity",
    116: "certificate_required",
    120: "no_application_protocol",
    121: "ech_required",
}
"""RFC 8446, section 6, and the registry it founds."""


def alert_name(description: int) -> str:
    """The registered name of an alert."""
    return ALERT_NAMES.get(description, "unassigned alert")
