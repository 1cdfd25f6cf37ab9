"""What each fact adds to what is known of a connection, and the words that the timeline has for it. Pure."""

from collections.abc import Callable
from typing import Any

from pinprobe import events as ev
from pinprobe.attempts.connection import Connection
from pinprobe.attempts.outcome import CLOSING_ALERTS, FATAL, RELAY_PROBES, alert_name

MOMENTS_KEPT = 12
"""Moments kept for the timeline of an attempt."""
LEAST_ERROR_STATUS = 400
"""RFC 9110, section 15: client and server errors."""


def note(c: Connection, event: ev.ConnectionEvent) -> bool:
    """Remember a fact and its moment. False where the fact can change neither the outcome nor what is said of it."""
    noted = _NOTES.get(type(event))
    if noted is None:
        return False
    what = noted(c, event)
    if what and len(c.moments) < MOMENTS_KEPT:
        c.moments.append((event.at_s, what))
    return type(event) not in _ASIDE


def _attributed(c: Connection, event: ev.AppAttributed) -> str:
    if c.said is None:
        c.app_id = event.app_id
    return ""


def _hello(c: Connection, event: ev.ClientHelloSeen) -> str:
    c.hello = event
    return "ClientHello"


def _probe(c: Connection, event: ev.ProbeApplied) -> str:
    c.probe = event
    return "relayed untouched" if event.probe_id in RELAY_PROBES else f"shown {event.probe_id}"


def _server(c: Connection, event: ev.ServerChainSeen) -> str:
    c.server = event
    return "the real server answered"


def _server_failed(c: Connection, event: ev.ServerFailed) -> str:
    c.server_failed = event
    return f"the real server failed ({event.stage})"


def _certificate_sent(c: Connection, event: ev.CertificateSent) -> str:
    c.certificate_sent = True
    return "certificate sent"


def _established(c: Connection, event: ev.HandshakeEstablished) -> str:
    c.established = event
    resumed = " (resumed: no certificate shown)" if event.resumed else ""
    return f"handshake complete, {event.tls_version}{resumed}"


def _failed(c: Connection, event: ev.HandshakeFailed) -> str:
    c.failed = event
    return "handshake failed"


def _alert(c: Connection, event: ev.AlertReceived) -> str:
    c.closing_alert |= event.description in CLOSING_ALERTS
    # A warning does not end a handshake; only what is fatal can be a refusal.
    if event.level == FATAL and (c.alert is None or c.alert.description in CLOSING_ALERTS):
        c.alert = event
    return f"alert {alert_name(event.description)} ({event.description}) from the client"


def _alert_sent(c: Connection, event: ev.AlertSent) -> str:
    c.alert_sent = event
    return f"alert {alert_name(event.description)} ({event.description}) from the proxy"


def _data(c: Connection, event: ev.ApplicationDataSeen) -> str:
    c.data = event if c.data is None else c.data
    c.beyond_preface = c.beyond_preface or not event.preface_only
    return "HTTP/2 preface" if event.preface_only else f"application data, {event.protocol}"


def _request(c: Connection, event: ev.RequestSeen) -> str:
    c.requests += 1
    c.beyond_preface = True
    if c.hello is not None and c.hello.sni is not None:
        c.foreign_authority |= event.authority_host != c.hello.sni
    return "request decrypted"


def _response(c: Connection, event: ev.ResponseSeen) -> str:
    c.trouble |= event.status >= LEAST_ERROR_STATUS
    c.answered_s = event.at_s if c.answered_s is None else c.answered_s
    return f"the real server answered {event.status}"


def _repeated(c: Connection, event: ev.ExchangeRepeated) -> str:
    return f"the same exchange as on connection {event.earlier_connection_id}"


def _pin_report(c: Connection, event: ev.PinReportSeen) -> str:
    return f"pin failure report ({event.format}) about {event.host}"


def _relayed(c: Connection, event: ev.Relayed) -> str:
    c.relayed = event
    return {True: "control worked", False: "control failed", None: "control ended too early"}[event.worked]


def _closed(c: Connection, event: ev.ConnectionClosed) -> str:
    c.closed = event
    c.requests = max(c.requests, event.requests)
    return "silent for long" if event.closed_by == "timer" else f"closed by the {event.closed_by}"


_NOTES: dict[type[ev.ConnectionEvent], Callable[[Connection, Any], str]] = {
    ev.AppAttributed: _attributed,
    ev.ClientHelloSeen: _hello,
    ev.ProbeApplied: _probe,
    ev.ServerChainSeen: _server,
    ev.ServerFailed: _server_failed,
    ev.CertificateSent: _certificate_sent,
    ev.HandshakeEstablished: _established,
    ev.HandshakeFailed: _failed,
    ev.AlertReceived: _alert,
    ev.AlertSent: _alert_sent,
    ev.ApplicationDataSeen: _data,
    ev.RequestSeen: _request,
    ev.ResponseSeen: _response,
    ev.ExchangeRepeated: _repeated,
    ev.PinReportSeen: _pin_report,
    ev.Relayed: _relayed,
    ev.ConnectionClosed: _closed,
}
"""The words are empty for what is no moment of the connection's own."""
_ASIDE = frozenset({ev.AppAttributed, ev.ExchangeRepeated, ev.PinReportSeen})
"""No outcome hangs on these. (Whose a connection is counts at the moment when its outcome is said.)"""
