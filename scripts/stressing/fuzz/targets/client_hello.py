"""The first bytes of a connection, as the observer reads them, to the event that is written down."""

from __future__ import annotations

import re

from mitmproxy.net.tls import starts_like_tls_record
from mitmproxy.proxy.layers.tls import parse_client_hello

from pinprobe import events as ev
from pinprobe.catalog import known_hosts, registrable_domain
from pinprobe.mitm import fingerprint
from pinprobe.mitm.hello import ClientHello, client_hello
from pinprobe.mitm.names import LONGEST_NAME, host_name
from pinprobe.mitm.protocols import protocol_names
from pinprobe.mitm.reading import hello_parts
from stressing.fuzz.hello_bytes import hello_mutated, real_hellos
from stressing.fuzz.target import Broken, Check, Target

_JA4 = re.compile(r"t(?:\d\d|s[23])[di]\d{4}[0-9A-Za-z]{2}_[0-9a-f]{12}_[0-9a-f]{12}")
_STACK = re.compile(r"t(?:\d\d|s[23])\d{4}_[0-9a-f]{12}_[0-9a-f]{12}")
_NAME = re.compile(r"[!-@\[-~]+")


def _prepare() -> Check:
    table = known_hosts()
    registrable_domain("example.com")  # reads its list

    def check(data: bytes) -> None:
        if not starts_like_tls_record(data):
            return
        try:
            hello = client_hello(data)
        except ValueError:
            hello = None
        _compare(hello, data)
        if hello is None:
            return
        sni = host_name(hello.sni)
        parts = hello.parts
        event = ev.ClientHelloSeen(
            at_s=1.0,
            connection_id=1,
            sni=sni,
            server_host=None,
            server_port=443,
            alpn_offers=protocol_names(hello.alpn_protocols),
            tls_versions_offered=tuple(map(fingerprint.version_name, fingerprint.versions_offered(parts))),
            ja4=fingerprint.ja4(parts),
            stack=fingerprint.stack(parts),
        )
        if ev.from_json(ev.to_json(event)) != event:
            raise Broken("the event is not what its line says")
        if not _JA4.fullmatch(event.ja4) or not _STACK.fullmatch(event.stack):
            raise Broken(f"no fingerprint: {event.ja4} {event.stack}")
        if sni is not None:
            if not _NAME.fullmatch(sni) or len(sni) > LONGEST_NAME:
                raise Broken(f"no canonical name: {sni!r}")
            registrable_domain(sni)
            table.look_up(sni)

    return check


def _compare(ours: ClientHello | None, data: bytes) -> None:
    """mitmproxy reads it too, and goes by what it read."""
    try:
        its = parse_client_hello(data)
    except ValueError:
        its = None
    if ours is None or its is None:
        if (ours is None) != (its is None):
            raise Broken(f"read by one alone: {ours or its}")
        return
    theirs = ClientHello(its.sni, tuple(its.alpn_protocols), hello_parts(its))
    if ours != theirs:
        raise Broken(f"{ours} and, by mitmproxy, {theirs}")


TARGET = Target(
    name="client_hello",
    about="ClientHellos: names, protocols, fingerprints, and the event that is written",
    prepare=_prepare,
    seeds=real_hellos,
    mutate=hello_mutated,
)
