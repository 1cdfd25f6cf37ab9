"""What is known of a connection while it is open. Pure."""

from dataclasses import dataclass, field

from pinprobe import events as ev
from pinprobe.attempts.attempt import Attempt, Endpoint, Step
from pinprobe.attempts.outcome import CLOSING_ALERTS, FATAL, RELAY_PROBES, TRUSTED_CA, Outcome, alert_name

STEPS_KEPT = 12
"""Moments kept for the timeline of an attempt."""
LEAST_ERROR_STATUS = 400
"""RFC 9110, section 15: client and server errors."""


@dataclass(slots=True, kw_only=True)
class Connection:
    """What is known of a connection that is not over."""

    opened: ev.ConnectionOpened
    hello: ev.ClientHelloSeen | None = None
    probe: ev.ProbeApplied | None = None
    server: ev.ServerChainSeen | None = None
    server_failed: ev.ServerFailed | None = None
    certificate_sent: bool = False
    established: ev.HandshakeEstablished | None = None
    failed: ev.HandshakeFailed | None = None
    alert: ev.AlertReceived | None = None
    closing_alert: bool = False
    """The client said that it goes: close_notify or user_canceled, at whatever level."""
    alert_sent: ev.AlertSent | None = None
    data: ev.ApplicationDataSeen | None = None
    beyond_preface: bool = False
    requests: int = 0
    trouble: bool = False
    """The real server answered with an error."""
    answered_s: float | None = None
    """When it answered first."""
    app_id: str | None = None
    foreign_authority: bool = False
    relayed: ev.Relayed | None = None
    closed: ev.ConnectionClosed | None = None
    said: Attempt | None = None
    steps: list[Step] = field(default_factory=list)


def note(c: Connection, event: ev.ConnectionEvent) -> None:
    """Remember a fact and its moment."""
    what = ""
    match event:
        case ev.AppAttributed() if c.said is None:
            c.app_id = event.app_id
        case ev.ClientHelloSeen():
            c.hello, what = event, "ClientHello"
        case ev.ProbeApplied():
            c.probe, what = event, "relayed untouched" if event.probe_id in RELAY_PROBES else f"shown {event.probe_id}"
        case ev.ServerChainSeen():
            c.server, what = event, "the real server answered"
        case ev.ServerFailed():
            c.server_failed, what = event, f"the real server failed ({event.stage})"
        case ev.CertificateSent():
            c.certificate_sent, what = True, "certificate sent"
        case ev.HandshakeEstablished():
            c.established, what = event, f"handshake complete, {event.tls_version}"
            what += " (resumed: no certificate shown)" if event.resumed else ""
        case ev.HandshakeFailed():
            c.failed, what = event, "handshake failed"
        case ev.AlertReceived():
            c.closing_alert |= event.description in CLOSING_ALERTS
            # A warning does not end a handshake; only what is fatal can be a refusal.
            if event.level == FATAL and (c.alert is None or c.alert.description in CLOSING_ALERTS):
                c.alert = event
            what = f"alert {alert_name(event.description)} ({event.description}) from the client"
        case ev.AlertSent():
            c.alert_sent, what = event, f"alert {alert_name(event.description)} ({event.description}) from the proxy"
        case ev.ApplicationDataSeen():
            c.data = event if c.data is None else c.data
            c.beyond_preface = c.beyond_preface or not event.preface_only
            what = "HTTP/2 preface" if event.preface_only else f"application data, {event.protocol}"
        case ev.RequestSeen():
            c.requests += 1
            c.beyond_preface = True
            if c.hello is not None and c.hello.sni is not None:
                c.foreign_authority |= event.authority_host != c.hello.sni
            what = "request decrypted"
        case ev.ResponseSeen():
            c.trouble |= event.status >= LEAST_ERROR_STATUS
            c.answered_s = event.at_s if c.answered_s is None else c.answered_s
            what = f"the real server answered {event.status}"
        case ev.ExchangeRepeated():
            what = f"the same exchange as on connection {event.earlier_connection_id}"
        case ev.PinReportSeen():
            what = f"pin failure report ({event.format}) about {event.host}"
        case ev.Relayed():
            c.relayed = event
            what = {True: "control worked", False: "control failed", None: "control ended too early"}[event.worked]
        case ev.ConnectionClosed():
            c.closed = event
            c.requests = max(c.requests, event.requests)
            what = "silent for long" if event.closed_by == "timer" else f"closed by the {event.closed_by}"
    if what and len(c.steps) < STEPS_KEPT:
        c.steps.append(Step(ms=round((event.at_s - c.opened.at_s) * 1000), what=what))


def endpoint_of(c: Connection, declared_app: str | None) -> Endpoint | None:
    host = port = None
    if c.hello is not None:
        host, port = c.hello.sni or c.hello.server_host, c.hello.server_port
    elif c.server_failed is not None:
        host, port = c.server_failed.host, c.server_failed.port
    if not host or port is None:
        return None
    return Endpoint(
        app_id=c.app_id or declared_app or ev.UNATTRIBUTED, host=host, port=port, transport=c.opened.transport
    )


def attempt_of(c: Connection, endpoint: Endpoint, outcome: Outcome, line: int) -> Attempt:
    hello, established, server = c.hello, c.established, c.server
    mismatch = []
    if established is not None and server is not None:
        if hello is not None and server.tls_version not in {None, established.tls_version}:
            # The server's choice counts only where this client could have had it.
            if server.tls_version in hello.tls_versions_offered:
                mismatch.append("tls_version")
        if (server.alpn or None) != (established.alpn or None):
            mismatch.append("alpn")
    return Attempt(
        connection_id=c.opened.connection_id,
        endpoint=endpoint,
        client=c.opened.client,
        listener=c.opened.listener,
        stack=hello.stack if hello else "",
        ja4=hello.ja4 if hello else "",
        probe_id=c.probe.probe_id if c.probe else TRUSTED_CA,
        leaf_pin_sha256=c.probe.leaf_pin_sha256 if c.probe else None,
        chain_id=c.probe.chain_id if c.probe else None,
        outcome=outcome,
        alert=c.alert.description if c.alert and c.alert.description not in CLOSING_ALERTS else None,
        tls_version=_tls_version(c),
        opened_s=c.opened.at_s,
        ended_s=c.closed.at_s if c.closed and c.closed.closed_by != "timer" else None,
        closed_by=c.closed.closed_by if c.closed and c.closed.closed_by != "timer" else None,
        trouble=c.trouble,
        answered_s=c.answered_s,
        requests=c.requests,
        client_bytes=c.closed.client_bytes if c.closed else 0,
        protocol=c.data.protocol if c.data else None,
        name_doubt=bool(hello and hello.sni is None) or bool(c.probe and c.probe.names_missing) or c.foreign_authority,
        tls_mismatch=tuple(mismatch),
        mutual_tls=bool(server and server.client_certificate_requested),
        upstream_error=f"{c.server_failed.stage}: {c.server_failed.error}" if c.server_failed else None,
        error=c.failed.error if c.failed else None,
        line=line,
        steps=tuple(c.steps),
    )


def _tls_version(c: Connection) -> str | None:
    said = (c.established, c.failed, c.relayed)
    return next((event.tls_version for event in said if event is not None and event.tls_version), None)
