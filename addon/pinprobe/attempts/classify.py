"""From what is known of a connection to its outcome: the first match wins. Pure."""

from pinprobe import events as ev
from pinprobe.attempts.connection import Connection
from pinprobe.attempts.outcome import CERTIFICATE_ALERTS, CLOSING_ALERTS, RELAY_PROBES, SIGNATURE_ALERTS, Outcome
from pinprobe.thresholds import LONG_S, SOON_HANDSHAKES, SOON_MAX_S, SOON_MIN_S


def outcome_of(c: Connection) -> Outcome | None:
    """The outcome so far, or None while nothing is decided. First match wins."""
    if c.probe is not None and c.probe.probe_id in RELAY_PROBES:
        return _relay_outcome(c)
    if c.hello is None:
        return Outcome.UPSTREAM_FAILED if c.server_failed is not None and c.closed is not None else None
    if c.probe is not None and not c.probe.as_planned:
        return Outcome.PROXY_ERROR if c.closed or c.failed or c.established else None
    if c.established is not None:
        return _established_outcome(c, c.established)
    return _handshake_outcome(c)


def _relay_outcome(c: Connection) -> Outcome | None:
    if c.relayed is not None and c.relayed.worked is not None:
        return Outcome.RELAY_WORKED if c.relayed.worked else Outcome.RELAY_FAILED
    if c.closed is None:
        return None
    return Outcome.UPSTREAM_FAILED if c.server_failed is not None else Outcome.RELAY_UNCLEAR


def _established_outcome(c: Connection, established: ev.HandshakeEstablished) -> Outcome | None:
    if established.resumed:
        return Outcome.RESUMED
    if c.beyond_preface:
        return Outcome.DATA_EXCHANGED
    if c.data is None and c.alert is not None and c.alert.description not in CLOSING_ALERTS:
        return Outcome.ALERT_AFTER_HANDSHAKE if c.alert.description in CERTIFICATE_ALERTS else Outcome.OTHER_ALERT
    if c.closed is None:
        return None
    if c.data is not None:
        return Outcome.PREFACE_ONLY
    open_for_s = c.closed.at_s - established.at_s
    if c.closed.closed_by == "client":
        return Outcome.CLOSED_WITHOUT_DATA if open_for_s <= _soon_s(c, established) else Outcome.SILENT
    return Outcome.SILENT if open_for_s >= LONG_S else Outcome.UNFINISHED


def _soon_s(c: Connection, established: ev.HandshakeEstablished) -> float:
    """'Soon' after the handshake: grows with the handshake that was measured, within bounds."""
    began_s = c.hello.at_s if c.hello is not None else c.opened.at_s
    return min(SOON_MAX_S, max(SOON_MIN_S, SOON_HANDSHAKES * (established.at_s - began_s)))


def _handshake_outcome(c: Connection) -> Outcome | None:
    if c.failed is None and c.closed is None:
        return None
    if c.alert_sent is not None and not c.closing_alert:
        return Outcome.PROXY_ERROR
    if c.alert is not None and c.alert.description not in CLOSING_ALERTS:
        number = c.alert.description
        if c.certificate_sent and number in SIGNATURE_ALERTS and c.probe and c.probe.probe_id.startswith("replay_"):
            return Outcome.SIGNATURE_ALERT
        if c.certificate_sent and number in CERTIFICATE_ALERTS:
            return Outcome.ALERT_DURING_HANDSHAKE
        return Outcome.OTHER_ALERT
    if c.server_failed is not None and not c.certificate_sent:
        return Outcome.UPSTREAM_FAILED
    if c.closed is not None and c.closed.closed_by in {"shutdown", "proxy"} and c.failed is None:
        return Outcome.UNFINISHED
    return Outcome.CLOSED_DURING_HANDSHAKE if c.certificate_sent else Outcome.CLOSED_BEFORE_CERTIFICATE
