"""Python's own ssl module over a tunnel: OpenSSL with an X509 store, so it refuses with alert 48."""

from __future__ import annotations

from standin.clients.base import ClientKind, python_module

TECHNIQUES = (
    "none",
    "pin",  # compares the leaf after the handshake, before it asks
    "trust-all",
    "anchors",  # believes its own bundle only
    "idle",  # completes the handshake, holds the connection, closes it
    "leaks",  # asks first, compares then
    "relents",  # pins `times` times, then no longer
    "hardens",  # accepts `times` times, then pins
    "fallback",  # pins; refused, it asks the same in cleartext
    "resume",  # offers the session of the connection before, whatever the host was
    "cleartext",
    "raw",  # bytes that are no HTTP
    "greeting",  # waits for the server to speak
    "tcp",  # bytes without TLS
    "torn-hello",  # the beginning of a ClientHello, then closes
    "websocket",
    "coalesce",  # asks for all of `hosts` on one HTTP/2 connection
)

KIND = ClientKind(
    name="python_ssl",
    title="Python ssl",
    techniques=TECHNIQUES,
    missing=lambda: None,
    command=python_module("standin.clients.python_ssl_program"),
)
