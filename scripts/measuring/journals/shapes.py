"""What one connection leaves in a journal, by how it goes: the ways that real clients were seen to take.

Connection 0, beginning at second 0; `writing` numbers and times them. Over 300 lines, so that all shapes stand in one place.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pinprobe import events as ev

START_S = 1_767_348_000.0
"""When the session begins."""
DAY_S = 86_400.0
APP = "com.example.shop"
EARLIER = 987_654_321
"""Stands for the connection that made the same exchange before."""
Events = list[ev.Event]


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """An app's TLS stack."""

    app_id: str
    alpn: tuple[str, ...]
    tls_version: str
    ja4: str
    stack: str


def _client(name: str, app_id: str, alpn: str, tls_version: str = "TLSv1.3") -> Client:
    middle, last = hashlib.sha256(name.encode()).hexdigest()[:12], hashlib.sha256(app_id.encode()).hexdigest()[:12]
    return Client(
        app_id=app_id,
        alpn=("h2", "http/1.1") if alpn == "h2" else ("http/1.1",),
        tls_version=tls_version,
        ja4=f"t13d1516{alpn}_{middle}_{last}",
        stack=f"t131516_{middle}_{last}",
    )


CLIENTS = (
    _client("okhttp", APP, "h2"),
    _client("sdk", APP, "h1"),
    _client("cronet", APP, "h2"),
    _client("old", APP, "h1", "TLSv1.2"),
    _client("okhttp", "com.example.weather", "h2"),
    _client("webview", "com.example.browser", "h2"),
)


def pin(name: str) -> str:
    """The pin_sha256 of a key that goes by this name."""
    return base64.b64encode(hashlib.sha256(name.encode()).digest()).decode()


def chain_id(host: str) -> str:
    """The id of a host's genuine chain."""
    return hashlib.sha256(f"chain of {host}".encode()).hexdigest()[:16]


def chain(host: str) -> tuple[ev.Certificate, ...]:
    """Leaf and intermediate, of one of a few issuers."""
    issuer = f"CN=Example Issuing CA {len(host) % 5},O=Example Trust,C=US"
    names = ((f"CN={host}", issuer), (issuer, "CN=Example Root,O=Example Trust,C=US"))
    return tuple(
        ev.Certificate(
            subject=subject,
            issuer=issued_by,
            pin_sha256=pin(subject),
            not_before_s=START_S - 30 * DAY_S,
            not_after_s=START_S + (60 + 900 * depth) * DAY_S,
            is_ca=depth > 0,
        )
        for depth, (subject, issued_by) in enumerate(names)
    )


def first_seen(host: str) -> Events:
    """What is told once of a host."""
    leaf, intermediate = chain(host)
    return [
        ev.HostKnown(at_s=0.004, host=host, registrable_domain=host.partition(".")[2], category=None, vendor=None),
        ev.ReplayChainKnown(
            at_s=0.030,
            chain_id=chain_id(host),
            host=host,
            source="session",
            leaf_pin=leaf.pin_sha256,
            issuer_pin=intermediate.pin_sha256,
            marks=(intermediate.pin_sha256[:12], pin("Example Root")[:12]),
            public=True,
            refused_because="",
            own_refused_because="",
        ),
    ]


def began(client: Client, host: str, probe_id: str = "trusted_ca", *, server: bool = True, told: bool = True) -> Events:
    """Until our certificate has left; the server's chain in full where it was not told before."""
    relayed = probe_id == "relay"
    events: Events = [
        ev.ConnectionOpened(at_s=0.0, connection_id=0, client=1, listener="wireguard@51820", transport="tcp"),
        *(
            [ev.AppAttributed(at_s=0.001, connection_id=0, app_id=client.app_id, source_id="socket_table")]
            if client.app_id != APP
            else []
        ),
        ev.ClientHelloSeen(
            at_s=0.004,
            connection_id=0,
            sni=host,
            server_host=host,
            server_port=443,
            alpn_offers=client.alpn,
            tls_versions_offered=("TLSv1.3", "TLSv1.2"),
            ja4=client.ja4,
            stack=client.stack,
        ),
    ]
    if server and not relayed:
        events.append(
            ev.ServerChainSeen(
                at_s=0.031,
                connection_id=0,
                host=host,
                port=443,
                chain_id=chain_id(host),
                chain=() if told else chain(host),
                tls_version=client.tls_version,
                alpn=client.alpn[0],
                client_certificate_requested=False,
            )
        )
    events.append(
        ev.ProbeApplied(
            at_s=0.033,
            connection_id=0,
            probe_id=probe_id,
            leaf_sha256=None if relayed else hashlib.sha256(f"{host} {probe_id}".encode()).hexdigest(),
            leaf_pin_sha256=None if relayed else pin("ours"),
            names_missing=False,
            as_planned=True,
            chain_id=chain_id(host) if probe_id.startswith("replay_") else None,
        )
    )
    if server and not relayed:
        events.append(ev.CertificateSent(at_s=0.034, connection_id=0))
    return events


def established(client: Client, *, resumed: bool = False) -> ev.HandshakeEstablished:
    """The client finished the handshake."""
    return ev.HandshakeEstablished(
        at_s=0.052,
        connection_id=0,
        tls_version=client.tls_version,
        alpn=client.alpn[0],
        cipher="TLS_AES_128_GCM_SHA256",
        resumed=resumed,
    )


def closed(at_s: float, *, by: str = "client", requests: int = 0, client_bytes: int = 0) -> ev.ConnectionClosed:
    """The end."""
    return ev.ConnectionClosed(
        at_s=at_s,
        connection_id=0,
        closed_by=by,
        client_bytes=client_bytes or 640 * requests,
        server_bytes=9000 * requests,
        requests=requests,
    )


def alert(at_s: float, number: int, *, level: int = 2, after_established: bool = False) -> ev.AlertReceived:
    """An alert of the client."""
    return ev.AlertReceived(
        at_s=at_s, connection_id=0, level=level, description=number, after_established=after_established
    )


def failed(client: Client, host: str, at_s: float = 0.048) -> ev.HandshakeFailed:
    """The handshake with the client ended."""
    return ev.HandshakeFailed(
        at_s=at_s,
        connection_id=0,
        certificate_sent=True,
        tls_version=client.tls_version,
        error=f"The client does not trust the proxy's certificate for {host} (OpenSSL Error([('SSL routines', '', "
        "'ssl/tls alert certificate unknown')]))",
    )


def talked(client: Client, host: str, *, requests: int = 1, repeats: bool = False, lasts_s: float = 2.0) -> Events:
    """Requests and their answers, after `established`."""
    protocol = "h2" if client.alpn[0] == "h2" else "http/1"
    asked = [
        ev.RequestSeen(at_s=0.060 + number / 5, connection_id=0, authority_host=host, authority_port=443)
        for number in range(requests)
    ]
    return [
        ev.ApplicationDataSeen(at_s=0.054, connection_id=0, protocol=protocol, preface_only=False),
        asked[0],
        *([ev.ExchangeRepeated(at_s=0.061, connection_id=0, earlier_connection_id=EARLIER)] if repeats else []),
        ev.ResponseSeen(at_s=0.130, connection_id=0, status=200),
        *asked[1:],
        alert(lasts_s - 0.001, 0, level=1, after_established=True),
        closed(lasts_s, requests=requests),
    ]


def accepted(client: Client, host: str, told: bool) -> Events:
    """One request, as most connections of an app carry."""
    return [*began(client, host, told=told), established(client), *talked(client, host)]


def busy(client: Client, host: str, told: bool) -> Events:
    """A connection that is used for a minute."""
    return [*began(client, host, told=told), established(client), *talked(client, host, requests=12, lasts_s=60.0)]


def again(client: Client, host: str, told: bool) -> Events:
    """The same exchange as before."""
    return [*began(client, host, told=told), established(client), *talked(client, host, repeats=True)]


def resumed(client: Client, host: str, told: bool) -> Events:
    """A resumed handshake."""
    return [*began(client, host, told=told), established(client, resumed=True), *talked(client, host)]


def relayed(client: Client, host: str, told: bool) -> Events:
    """The control."""
    seen = ev.Relayed(
        at_s=0.310,
        connection_id=0,
        worked=True,
        tls_version=client.tls_version,
        client_records=("22:512", "20:1", "23:69", "23:85"),
        server_records=("22:122", "20:1", "23:42", "23:925", "23:96", "23:69", "23:282", "23:282"),
    )
    return [*began(client, host, "relay"), seen, closed(2.0, client_bytes=620)]


def refused(client: Client, host: str, told: bool, probe_id: str = "trusted_ca", number: int = 46) -> Events:
    """A fatal alert about the certificate."""
    return [
        *began(client, host, probe_id, told=told),
        alert(0.047, number),
        failed(client, host),
        closed(0.049),
    ]


def contrast(client: Client, host: str, told: bool) -> Events:
    """The contrast, refused by who trusts our CA."""
    return refused(client, host, told, "unknown_ca", 48)


def replayed(client: Client, host: str, told: bool) -> Events:
    """The genuine chain without its key."""
    return refused(client, host, told, "replay_genuine", 51)


def refused_later(client: Client, host: str, told: bool) -> Events:
    """The handshake completes, then the client goes: a pinner above the TLS stack."""
    return [*began(client, host, told=told), established(client), closed(0.080)]


def alerted_later(client: Client, host: str, told: bool) -> Events:
    """The same with an alert, and TLS 1.3's close behind it."""
    return [
        *began(client, host, told=told),
        established(client),
        alert(0.060, 46, after_established=True),
        alert(0.061, 0, level=1, after_established=True),
        closed(0.080),
    ]


def broken_off(client: Client, host: str, told: bool) -> Events:
    """A close without alert, by a pinner or by the network."""
    return [*began(client, host, told=told), failed(client, host), closed(0.050)]


def silent(client: Client, host: str, told: bool) -> Events:
    """Established, and mute for long."""
    return [*began(client, host, told=told), established(client), closed(10.1, by="timer"), closed(40.0, by="proxy")]


def unreachable(client: Client, host: str, told: bool) -> Events:
    """The real server is not there."""
    gone = ev.ServerFailed(
        at_s=0.030, connection_id=0, host=host, port=443, stage="connect", error="connection refused"
    )
    return [*began(client, host, server=False)[:-1], gone, closed(0.050, by="proxy")]


def cleartext(client: Client, host: str, told: bool) -> Events:
    """HTTP without TLS, with the exchange that was refused before."""
    return [
        began(client, host)[0],
        ev.CleartextSeen(at_s=0.004, connection_id=0, host=host, port=80, protocol="http"),
        ev.ExchangeRepeated(at_s=0.005, connection_id=0, earlier_connection_id=EARLIER),
        closed(0.3, requests=1),
    ]


def quic(client: Client, host: str, told: bool) -> Events:
    """QUIC, refused so that the client falls back."""
    return [
        ev.ConnectionOpened(at_s=0.0, connection_id=0, client=1, listener="wireguard@51820", transport="udp"),
        ev.DatagramSeen(at_s=0.001, connection_id=0, host=host, port=443, protocol="quic", blocked=True),
        closed(0.002, by="proxy"),
    ]


def looked_up(client: Client, host: str, told: bool) -> Events:
    """A name lookup alone."""
    return [ev.NameResolved(at_s=0.0, client=1, host=host)]


def logged(client: Client, host: str, told: bool) -> Events:
    """A refusal that the app's own log explains."""
    return [*refused(client, host, told), ev.DiagnosticSeen(at_s=0.2, app_id=APP, cause="pin", host=host)]


Shape = Callable[[Client, str, bool], Events]
"""Takes the client, the host, and whether the host's chain was told before."""

HABITS: Mapping[str, tuple[int, dict[Shape, int]]] = {
    "unpinned": (620, {accepted: 60, again: 16, busy: 1, relayed: 10, contrast: 5, resumed: 4, silent: 1}),
    "with QUIC": (80, {quic: 30, accepted: 50, relayed: 10, looked_up: 10}),
    "pinned": (140, {refused: 45, relayed: 40, contrast: 5, replayed: 10}),
    "pinned above TLS": (40, {refused_later: 30, alerted_later: 20, relayed: 50}),
    "pinned, and said so": (20, {logged: 50, relayed: 50}),
    "breaking off": (30, {broken_off: 50, relayed: 45, accepted: 5}),
    "degrading": (30, {refused: 30, cleartext: 45, relayed: 25}),
    "mixed": (20, {accepted: 50, refused: 30, relayed: 20}),
    "not there": (20, {unreachable: 90, looked_up: 10}),
}
"""How endpoints behave: how many in a thousand, and how often each shape comes up there."""
