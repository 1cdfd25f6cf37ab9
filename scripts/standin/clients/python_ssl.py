"""Python's own ssl module over a tunnel: OpenSSL with an X509 store, so it refuses with alert 48."""

from __future__ import annotations

from standin.clients.base import ClientKind, python_module

TECHNIQUES = (
    "none",
    "pin",  # compares the leaf after the handshake, before it asks
    "trust-all",
    "anchors",  # believes its own bundle only
    "idle",  # completes the handshake, holds the connection, closes it
    "resume",  # offers the session of the connection before, whatever the host was
    "cleartext",
    "raw",  # bytes that are no HTTP
    "greeting",  # waits for the server to speak
    "tcp",  # bytes without TLS
    "torn-hello",  # the beginning of a ClientHello, then closes
    "websocket",
    "coalesce",  # asks for all of `hosts` on one HTTP/2 connection
    # Those that degrade, each above its innocent twins.
    "leaks",  # asks first, compares then; only if it fits it asks on, `keep` times in all (twin: none)
    "relents",  # pins `times` times, then no longer
    "hardens",  # accepts `times` times, then pins
    "learns-pins",  # accepts `times` times, then fetches its pins from `other_host`, which it does not pin, and heeds them
    "two-clients",  # every other attempt is pinned, beginning with the first
    "fallback",  # pins; refused, it asks the same in cleartext
    "fallback-host",  # pins; refused, it asks `other_host`
    "fallback-port",  # pins; refused, it asks the same host at `other_port`
    "visits-others",  # innocent: pins, and asks `other_host` after every attempt
    "revokes",  # innocent: pins; refused, it looks up revocation at `other_host` in cleartext
    "cleartext-always",  # innocent: pins, and asks the same in cleartext after every attempt
    "reports",  # tells `report_host` of a wrong key, and asks all the same
    "pin-reports",  # innocent: tells of it, and refuses
    "posts-json",  # innocent: no pin, posts analytics before it asks
    "mutes",  # keeps the connection with a wrong key open, and says nothing on it
    "preconnects",  # innocent: opens such a connection besides, whatever the key
    "mutes-always",  # innocent: opens nothing else, whatever the key
    "storms",  # pins; what was refused is tried again at once, `times` times (twin: pin)
    "withdraws",  # makes `times` connections an attempt where the key fits, else a single one
    "busy",  # innocent: makes as many, whatever the key
    "stops",  # pins; goes round `hosts`, and ends at the first refusal (twin: none)
)

KIND = ClientKind(
    name="python_ssl",
    title="Python ssl",
    techniques=TECHNIQUES,
    missing=lambda: None,
    command=python_module("standin.clients.python_ssl_program"),
)
