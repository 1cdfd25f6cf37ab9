"""What clients do, as lists of events: one function per way in which a connection can end.

Each function returns one connection's events, numbered 0 and beginning at second 0. `journal` puts connections in
a row behind the line of the session, and numbers and times them:

    events = journal(accepted("api.example.com"), refused_alert("login.example.com", alert=46), ca_store="system")

Over 300 lines, since every test reads these words and should find all of them in one place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pinprobe import events as ev

START_S = 1_700_000_000.0
"""When a journal begins: 2023-11-14 22:13:20 UTC."""
CONSCRYPT = "t13d1516_8daaf6152771_02713d6af862"
"""The stack fingerprint of most connections here."""
FLUTTER = "t13d1011_61a7ad8aa9b6_3fcd1a44f3e3"
"""Another one."""
HTTP = ("h2", "http/1.1")
DAY_S = 86400.0

Events = list[ev.Event]


# -- a whole journal -----------------------------------------------------------------------------


def session(**changes: Any) -> ev.SessionStarted:
    """The first line of a journal."""
    started = ev.SessionStarted(
        at_s=START_S,
        schema_version=ev.SCHEMA_VERSION,
        session_id="20231114T221320Z",
        tool_version="0.1.0",
        mitmproxy_version="12.1.2",
        openssl_version="OpenSSL 3.5.0",
        python_version="3.13.1",
        ca_pin_sha256="r/mIkG3eEpVdm+u/ko/cwxzOMo1bk4TyHIlByibiA5E=",
        app_id="com.example.app",
        mode="experiment",
        ca_store="unknown",
        first_party=(),
        connection_strategy="eager",
        seed=7,
        probes=(),
        contrasts=True,
    )
    return replace(started, **changes)


def journal(*connections: Sequence[ev.Event], every_s: Any = 1.0, **of_session: Any) -> Events:
    """A session's line and these connections, one every `every_s` seconds; keywords change the session's fields."""
    events: Events = [session(**of_session)]
    for number, connection in enumerate(connections, start=1):
        events += placed(connection, number, START_S + number * every_s)
    return events


def placed(connection: Sequence[ev.Event], connection_id: int, at_s: float) -> Events:
    """The same connection with this number, beginning at this time."""
    return [
        replace(event, connection_id=connection_id, at_s=at_s + event.at_s)
        if isinstance(event, ev.ConnectionEvent)
        else replace(event, at_s=at_s + event.at_s)
        for event in connection
    ]


# -- how a connection begins ---------------------------------------------------------------------


def chain(host: str = "api.example.com") -> tuple[ev.Certificate, ...]:
    """A server's chain: leaf, intermediate, root."""
    names = (f"CN={host}", "CN=Example Issuing CA 1,O=Example Trust", "CN=Example Root,O=Example Trust")
    issuers = (*names[1:], names[2])
    pins = ("YLh1dUR9y6Kja30RrAn7JKnbQG/uEtLMkBgFF2Fuihg=", "sRHdihwgkaib1P1gxX8HFszlD+7/gTfNvuAybgLPNis=")
    return tuple(
        ev.Certificate(
            subject=name,
            issuer=issuer,
            pin_sha256=(*pins, "Vjs8r4z+80wjNcr1YKepWQboSIRi63WsWXhIMN+eWys=")[depth],
            not_before_s=START_S - (depth + 1) * 30 * DAY_S,
            not_after_s=START_S + (depth + 1) * 60 * DAY_S,
            is_ca=depth > 0,
        )
        for depth, (name, issuer) in enumerate(zip(names, issuers, strict=True))
    )


def began(
    host: str = "api.example.com",
    *,
    port: int = 443,
    probe_id: str = "trusted_ca",
    stack: str = CONSCRYPT,
    client: int = 1,
    sni: bool = True,
    server: bool = True,
    mutual_tls: bool = False,
    names_missing: bool = False,
    as_planned: bool = True,
    chain_id: str | None = None,
) -> Events:
    """Opened, ClientHello, the real server's chain, the probe and (unless relayed) our certificate."""
    events: Events = [
        ev.ConnectionOpened(at_s=0.0, connection_id=0, client=client, listener="regular@8080", transport="tcp"),
        ev.ClientHelloSeen(
            at_s=0.004,
            connection_id=0,
            sni=host if sni else None,
            server_host=host,
            server_port=port,
            alpn_offers=HTTP,
            tls_versions_offered=("TLSv1.3", "TLSv1.2"),
            ja4=stack.replace("_", "h2_", 1),
            stack=stack,
        ),
    ]
    relayed = probe_id == "relay"
    if server and not relayed:
        events.append(server_chain(host, port, at_s=0.031, client_certificate_requested=mutual_tls))
    events.append(
        ev.ProbeApplied(
            at_s=0.032,
            connection_id=0,
            probe_id=probe_id,
            leaf_sha256=None if relayed else "5e" * 32,
            leaf_pin_sha256=None if relayed else "zUIraRNo+4JoAYA7ROeWjARtIoN4rIEbCpfCRQT6N6A=",
            names_missing=names_missing,
            as_planned=as_planned,
            chain_id=chain_id,
        )
    )
    if not relayed:
        events.append(ev.CertificateSent(at_s=0.033, connection_id=0))
    return events


def server_chain(
    host: str = "api.example.com",
    port: int = 443,
    *,
    at_s: float = 0.031,
    certificates: tuple[ev.Certificate, ...] | None = None,
    tls_version: str = "TLSv1.3",
    alpn: str | None = "h2",
    client_certificate_requested: bool = False,
) -> ev.ServerChainSeen:
    """The real server answered."""
    return ev.ServerChainSeen(
        at_s=at_s,
        connection_id=0,
        host=host,
        port=port,
        chain_id=f"chain of {host}",
        chain=chain(host) if certificates is None else certificates,
        tls_version=tls_version,
        alpn=alpn,
        client_certificate_requested=client_certificate_requested,
    )


def established(
    at_s: float = 0.060, *, tls_version: str = "TLSv1.3", alpn: str | None = "h2", resumed: bool = False
) -> ev.HandshakeEstablished:
    """The client finished the handshake."""
    return ev.HandshakeEstablished(
        at_s=at_s,
        connection_id=0,
        tls_version=tls_version,
        alpn=alpn,
        cipher="TLS_AES_128_GCM_SHA256",
        resumed=resumed,
    )


def negotiated(connection: Events, *, tls_version: str = "TLSv1.3", alpn: str | None = "h2") -> Events:
    """The connection, of which the proxy negotiated this with the client."""
    return [
        replace(event, tls_version=tls_version, alpn=alpn) if isinstance(event, ev.HandshakeEstablished) else event
        for event in connection
    ]


def asking(connection: Events, purpose: str) -> Events:
    """The connection, whose decrypted requests are for this."""
    return [replace(event, purpose=purpose) if isinstance(event, ev.RequestSeen) else event for event in connection]


def closed(
    at_s: float = 0.9, *, by: str = "client", requests: int = 0, client_bytes: int | None = None
) -> ev.ConnectionClosed:
    """The attempt is over."""
    return ev.ConnectionClosed(
        at_s=at_s,
        connection_id=0,
        closed_by=by,
        client_bytes=512 * requests if client_bytes is None else client_bytes,
        server_bytes=4096 * requests,
        requests=requests,
    )


def alert(at_s: float, description: int, *, level: int = 2, after_established: bool = False) -> ev.AlertReceived:
    """An alert of the client."""
    return ev.AlertReceived(
        at_s=at_s, connection_id=0, level=level, description=description, after_established=after_established
    )


# -- accepts -------------------------------------------------------------------------------------


def accepted(host: str = "api.example.com", *, requests: int = 2, authority: str | None = None, **how: Any) -> Events:
    """data_exchanged: HTTP requests under our certificate. `authority` is for requests to another host."""
    return [
        *began(host, **how),
        established(),
        ev.ApplicationDataSeen(at_s=0.064, connection_id=0, protocol="h2", preface_only=False),
        *(
            ev.RequestSeen(
                at_s=0.070 + number / 100,
                connection_id=0,
                authority_host=authority or host,
                authority_port=how.get("port", 443),
            )
            for number in range(requests)
        ),
        closed(requests=requests),
    ]


def accepted_unknown_ca(host: str = "sdk.example.net", **how: Any) -> Events:
    """data_exchanged under `unknown_ca`: no validation at all."""
    return accepted(host, probe_id="unknown_ca", **how)


def preface_only(host: str = "api.example.com", **how: Any) -> Events:
    """preface_only: the HTTP/2 preface, and then nothing."""
    return [
        *began(host, **how),
        established(),
        ev.ApplicationDataSeen(at_s=0.064, connection_id=0, protocol="h2", preface_only=True),
        closed(client_bytes=64),
    ]


# -- refusals ------------------------------------------------------------------------------------


def refused_alert(host: str = "api.example.com", *, alert: int = 46, **how: Any) -> Events:
    """alert_during_handshake: a fatal alert about our certificate (another number gives other_alert)."""
    error = f"Client TLS handshake failed. The client does not trust the proxy's certificate for {host}"
    return [
        *began(host, **how),
        ev.AlertReceived(at_s=0.041, connection_id=0, level=2, description=alert, after_established=False),
        ev.HandshakeFailed(at_s=0.042, connection_id=0, certificate_sent=True, tls_version="TLSv1.3", error=error),
        closed(0.043),
    ]


def refused_unknown_ca(host: str = "cdn.example.net", **how: Any) -> Events:
    """alert_during_handshake under `unknown_ca`: what a canary, or any client that checks chains, answers."""
    return refused_alert(host, probe_id="unknown_ca", **how)


def closed_in_handshake(host: str = "api.example.com", **how: Any) -> Events:
    """closed_during_handshake: FIN or RST after our certificate, without alert."""
    return [
        *began(host, **how),
        ev.HandshakeFailed(
            at_s=0.042, connection_id=0, certificate_sent=True, tls_version="TLSv1.3", error="unexpected eof"
        ),
        closed(0.043),
    ]


def pinned_after_handshake(host: str = "api.example.com", **how: Any) -> Events:
    """closed_without_data: the handshake completes, then the client closes (OkHttp's CertificatePinner)."""
    return [*began(host, **how), established(), closed(0.071)]


def alert_after_handshake(host: str = "api.example.com", *, number: int = 46, **how: Any) -> Events:
    """alert_after_handshake: the handshake completes, then a certificate alert."""
    return [*began(host, **how), established(), alert(0.066, number, after_established=True), closed(0.071)]


# -- genuine chains without their key --------------------------------------------------------------


def replayed(host: str = "api.example.com", *, kind: str = "genuine", of: str | None = None, **how: Any) -> Events:
    """A genuine chain (`of` another host, else its own) without its key, answered by `alert` (51: chain accepted)."""
    return refused_alert(host, probe_id=f"replay_{kind}", chain_id=f"chain of {of or host}", **{"alert": 51, **how})


def chain_known(
    host: str, issuer: str = "Example Trust", *, source: str = "session", refused: str = "", public: bool | None = True
) -> Events:
    """A genuine chain was learnt, of a CA of this name; no connection."""
    return [
        ev.ReplayChainKnown(
            at_s=0.0,
            chain_id=f"chain of {host}",
            host=host,
            source=source,
            leaf_pin=f"leaf of {host}",
            issuer_pin=f"key of {issuer}",
            marks=(issuer,),
            public=public,
            refused_because=refused,
            own_refused_because="",
        )
    ]


# -- neither -------------------------------------------------------------------------------------


def closed_before_certificate(host: str = "api.example.com", **how: Any) -> Events:
    """closed_before_certificate: the client left before it saw a certificate."""
    start = [event for event in began(host, **how) if not isinstance(event, ev.CertificateSent)]
    return [
        *start,
        ev.HandshakeFailed(at_s=0.040, connection_id=0, certificate_sent=False, tls_version=None, error="eof"),
        closed(0.041),
    ]


def silent(host: str = "api.example.com", **how: Any) -> Events:
    """silent: established and mute for long."""
    return [*began(host, **how), established(), closed(12.0, by="timer"), closed(30.0, by="proxy")]


def resumed(host: str = "api.example.com", **how: Any) -> Events:
    """resumed: the client was shown no certificate, so nothing follows."""
    return [*began(host, **how), established(resumed=True), closed()]


def unfinished(host: str = "api.example.com", **how: Any) -> Events:
    """unfinished: open when the session ended."""
    return [*began(host, **how), established(), closed(1.0, by="shutdown")]


def upstream_failed(host: str = "api.example.com", *, error: str = "connection refused", **how: Any) -> Events:
    """upstream_failed: the real server could not be reached."""
    start = [event for event in began(host, server=False, **how) if not isinstance(event, ev.CertificateSent)]
    failed = ev.ServerFailed(
        at_s=0.030, connection_id=0, host=host, port=how.get("port", 443), stage="connect", error=error
    )
    ended = ev.HandshakeFailed(
        at_s=0.040, connection_id=0, certificate_sent=False, tls_version=None, error="server connection failed"
    )
    return [*start, failed, ended, closed(0.041)]


def proxy_error(host: str = "api.example.com", **how: Any) -> Events:
    """proxy_error: another certificate than the planned one was served."""
    return [*began(host, as_planned=False, **how), established(), closed(0.071)]


# -- the control ---------------------------------------------------------------------------------


def relayed_ok(host: str = "api.example.com", *, worked: bool | None = True, **how: Any) -> Events:
    """relay_worked: untouched bytes, and data both ways (`worked` False: relay_failed, None: relay_unclear)."""
    return [
        *began(host, probe_id="relay", **how),
        ev.Relayed(
            at_s=0.300,
            connection_id=0,
            worked=worked,
            tls_version="TLSv1.3",
            client_records=("22:512", "20:1", "23:53", "23:137"),
            server_records=("22:122", "20:1", "23:3210", "23:900"),
        ),
        closed(0.800, client_bytes=120 if worked else 0),
    ]


def relayed_failed(host: str = "api.example.com", **how: Any) -> Events:
    """relay_failed: the client fails even with the server's own certificate."""
    return relayed_ok(host, worked=False, **how)


# -- beside TLS ----------------------------------------------------------------------------------


def cleartext(
    host: str = "api.example.com",
    *,
    port: int = 80,
    client: int = 1,
    protocol: str = "http",
    purpose: str = ev.CONTENT,
    repeats: int | None = None,
) -> Events:
    """A connection that speaks HTTP (or raw TCP) without TLS; it may repeat an earlier one's exchange."""
    return [
        ev.ConnectionOpened(at_s=0.0, connection_id=0, client=client, listener="regular@8080", transport="tcp"),
        ev.CleartextSeen(at_s=0.002, connection_id=0, host=host, port=port, protocol=protocol, purpose=purpose),
        *([] if repeats is None else repeated(repeats)),
        closed(0.2),
    ]


def repeated(earlier: int) -> Events:
    """This connection's request is that of an earlier one: to be placed inside a connection."""
    return [ev.ExchangeRepeated(at_s=0.08, connection_id=0, earlier_connection_id=earlier)]


def inside(connection: Events, *facts: ev.Event) -> Events:
    """The connection with these facts before its end."""
    return [*connection[:-1], *facts, connection[-1]]


def answered(status: int) -> ev.ResponseSeen:
    """The real server's status code."""
    return ev.ResponseSeen(at_s=0.2, connection_id=0, status=status)


def pin_report(about: str = "api.example.com", *, format: str = "trustkit", enforced: bool | None = False) -> Events:
    """A connection to a collector that carries the report of a failed pin."""
    report = ev.PinReportSeen(at_s=0.08, connection_id=0, format=format, host=about, enforced=enforced)
    return inside(accepted("reports.example.org", requests=1), report)


def policy_header(header: str = "public-key-pins", host: str = "api.example.com") -> ev.PolicyHeaderSeen:
    """An answer with a header that nobody heeds any more."""
    return ev.PolicyHeaderSeen(at_s=0.2, connection_id=0, host=host, port=443, header=header)


def lookup(host: str = "api.example.com", *, client: int = 1) -> Events:
    """A name is looked up through the proxy; no connection of its own."""
    return [ev.NameResolved(at_s=0.0, client=client, host=host)]


def marked(phase: str, *, source: str = "file") -> Events:
    """Another phase begins; no connection."""
    return [ev.Marked(at_s=0.0, phase=phase, source=source)]


def attributed(app_id: str, connection: Events) -> Events:
    """The connection, known to be this app's from its beginning."""
    return [
        connection[0],
        ev.AppAttributed(at_s=0.001, connection_id=0, app_id=app_id, source_id="test"),
        *connection[1:],
    ]


def quic(host: str = "video.example.net", *, port: int = 443) -> Events:
    """A QUIC connection, seen and not intercepted."""
    return [
        ev.ConnectionOpened(at_s=0.0, connection_id=0, client=1, listener="wireguard@51820", transport="udp"),
        ev.DatagramSeen(at_s=0.001, connection_id=0, host=host, port=port, protocol="quic", blocked=False),
    ]


def host_known(host: str, registrable_domain: str, *, category: str | None = None, vendor: str | None = None) -> Events:
    """What the catalog says about a host; no connection."""
    return [ev.HostKnown(at_s=0.0, host=host, registrable_domain=registrable_domain, category=category, vendor=vendor)]


def log_line(cause: str, host: str | None = None, *, app_id: str = "com.example.app") -> Events:
    """A line of the app's log named a cause; no connection."""
    return [ev.DiagnosticSeen(at_s=0.0, app_id=app_id, cause=cause, host=host)]


def tool_failed(where: str = "tls_clienthello", error: str = "KeyError: 'x'") -> Events:
    """An error of pinprobe itself; no connection."""
    return [ev.ToolFailed(at_s=0.0, where=where, error=error)]


def recording_stopped(missing: int = 7) -> Events:
    """The journal reached its bound; no connection."""
    return [ev.RecordingStopped(at_s=0.0, since_s=START_S + 60, bound_mb=2000, missing=missing)]


# -- what the app's package declares ---------------------------------------------------------------

LEAF_PIN, CA_PIN, ROOT_PIN = (certificate.pin_sha256 for certificate in chain())
"""Of the servers' chains here."""
OTHER_PIN = "q4PO2G2cbkZhZ82+JgmRUyGMoAeozA+BSXVXQWB8XWQ="
"""Of nothing that is served."""


def package(**changes: Any) -> Events:
    """The app's package was read; no connection."""
    read = ev.AppDeclared(
        at_s=0.0,
        app_id="com.example.app",
        package="com.example.app",
        version_name="4.2.0",
        version_code=420,
        min_sdk=26,
        target_sdk=35,
        debuggable=False,
        apk_sha256="ab" * 32,
        nsc="res/xml/network_security_config.xml",
        cleartext=False,
        user_cas=False,
        debug_user_cas=False,
        pin_sets=(),
        code_pins=(),
        certificates=(),
        libraries=(),
        problems=(),
    )
    return [replace(read, **changes)]


def declares(host: str = "api.example.com", *pins: str, **changes: Any) -> Events:
    """The configuration that holds for a host, with these pins; no connection."""
    resolved = ev.HostDeclared(
        at_s=0.0,
        app_id="com.example.app",
        host=host,
        config=f"domain-config {host}" if pins else "base-config",
        anchors=("system",),
        overrides=(),
        pins=pins,
        expires_s=None,
        report_only=False,
        meant_pins=(),
        meant_why="",
        ct="default",
        cleartext=False,
    )
    return [replace(resolved, **changes)]


def code_pin(
    pin: str = LEAF_PIN, *, where: str = "classes.dex", host: str = "", algorithm: str = "sha256"
) -> ev.CodePin:
    """A pin-shaped string in the app's code."""
    return ev.CodePin(algorithm=algorithm, pin=pin, where=where, host=host)


def pin_set(domain: str, *pins: str, **changes: Any) -> ev.DeclaredPins:
    """A pin set as the configuration has it."""
    declared = ev.DeclaredPins(
        domain=domain, include_subdomains=False, source="nsc", pins=pins, expires_s=None, enforced=True
    )
    return replace(declared, **changes)


def pin_material(host: str = "api.example.com", *, kind: str = "document", count: int = 2) -> ev.PinMaterialSeen:
    """A decrypted answer with pins in it; for `inside`."""
    return ev.PinMaterialSeen(at_s=0.2, connection_id=0, host=host, port=443, kind=kind, count=count)
