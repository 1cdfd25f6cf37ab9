"""curl with OpenSSL: its pin is checked after the handshake, its chain within."""

from __future__ import annotations

import functools
import shutil
import subprocess

from standin.clients.base import ClientKind, python_module


@functools.cache
def missing() -> str | None:
    if not shutil.which("curl"):
        return "the Debian package curl"
    version = subprocess.run(["curl", "--version"], capture_output=True, text=True, check=False)
    # Other backends look at chain and pin at other moments, so they are other clients.
    return None if "OpenSSL/" in version.stdout else "a curl that is linked with OpenSSL"


KIND = ClientKind(
    name="curl",
    title="curl (OpenSSL)",
    techniques=(
        "none",
        "pin",
        "anchors",
        "trust-all",
        "relents",  # pins `times` times, then no longer
        "hardens",  # accepts `times` times, then pins
        "two-clients",  # every other attempt is pinned, beginning with the first
        "fallback",  # pins; refused, it asks the same in cleartext
        "fallback-host",  # pins; refused, it asks `other_host`
        "fallback-port",  # pins; refused, it asks the same host at `other_port`
        "storms",  # pins; what was refused is tried again at once, `times` times
    ),
    missing=missing,
    command=python_module("standin.clients.curl_program"),
)
