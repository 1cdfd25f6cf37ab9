"""What is known of a connection while it is open. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from pinprobe import events as ev
from pinprobe.attempts.attempt import Attempt, Endpoint
from pinprobe.attempts.outcome import CLOSING_ALERTS, TRUSTED_CA, Outcome
from pinprobe.events.quick import quick
from pinprobe.thresholds import ENDPOINTS_KEPT

_endpoint = quick(Endpoint)
_attempt: Callable[..., Attempt] = quick(Attempt)


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
    said_of: tuple[object, ...] = ()
    """The facts that it was said of."""
    moments: list[tuple[float, str]] = field(default_factory=list)


def endpoint_of(c: Connection, declared_app: str | None) -> Endpoint | None:
    host = port = None
    if c.hello is not None:
        host, port = c.hello.sni or c.hello.server_host, c.hello.server_port
    elif c.server_failed is not None:
        host, port = c.server_failed.host, c.server_failed.port
    if not host or port is None:
        return None
    return endpoint_named(c.app_id or declared_app or ev.UNATTRIBUTED, host, port, c.opened.transport)


@lru_cache(ENDPOINTS_KEPT)
def endpoint_named(app_id: str, host: str, port: int, transport: str) -> Endpoint:
    """The endpoint of this name; one and the same object where it was asked for lately, which compares quickly."""
    return _endpoint(app_id=app_id, host=host, port=port, transport=transport)


def facts_of(c: Connection) -> tuple[object, ...]:
    """All that an attempt is made of, beside its outcome and its moments."""
    return (
        c.hello,
        c.probe,
        c.server,
        c.server_failed,
        c.established,
        c.failed,
        c.alert,
        c.data,
        c.requests,
        c.trouble,
        c.answered_s,
        c.app_id,
        c.foreign_authority,
        c.relayed,
        c.closed,
    )


def attempt_of(c: Connection, endpoint: Endpoint, outcome: Outcome, line: int) -> Attempt:
    opened, hello, probe, server, data = c.opened, c.hello, c.probe, c.server, c.data
    closed = c.closed
    over = closed is not None and closed.closed_by != "timer"
    return _attempt(  # in the order of its fields: so many names would take five times as long as all else here
        opened.connection_id,
        endpoint,
        opened.client,
        opened.listener,
        hello.stack if hello else "",
        hello.ja4 if hello else "",
        probe.probe_id if probe else TRUSTED_CA,
        probe.leaf_pin_sha256 if probe else None,
        probe.chain_id if probe else None,
        outcome,
        c.alert.description if c.alert and c.alert.description not in CLOSING_ALERTS else None,
        _tls_version(c),
        opened.at_s,
        closed.at_s if closed and over else None,
        closed.closed_by if closed and over else None,
        c.trouble,
        c.answered_s,
        c.requests,
        closed.client_bytes if closed else 0,
        data.protocol if data else None,
        bool(hello and hello.sni is None) or bool(probe and probe.names_missing) or c.foreign_authority,
        _tls_mismatch(c),
        bool(server and server.client_certificate_requested),
        f"{c.server_failed.stage}: {c.server_failed.error}" if c.server_failed else None,
        c.failed.error if c.failed else None,
        line,
        tuple(c.moments),
    )


def _tls_mismatch(c: Connection) -> tuple[str, ...]:
    hello, established, server = c.hello, c.established, c.server
    if established is None or server is None:
        return ()
    mismatch = []
    if hello is not None and server.tls_version not in {None, established.tls_version}:
        # The server's choice counts only where this client could have had it.
        if server.tls_version in hello.tls_versions_offered:
            mismatch.append("tls_version")
    if (server.alpn or None) != (established.alpn or None):
        mismatch.append("alpn")
    return tuple(mismatch)


def _tls_version(c: Connection) -> str | None:
    if c.established is not None and c.established.tls_version:
        return c.established.tls_version
    for event in (c.failed, c.relayed):
        if event is not None and event.tls_version:
            return event.tls_version
    return None
