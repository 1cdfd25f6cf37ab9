"""An endpoint as people write it."""

from __future__ import annotations

import pytest

from pinprobe.attempts import place


@pytest.mark.parametrize(
    ("host", "port", "transport", "shown"),
    [
        ("api.example.com", 443, "tcp", "api.example.com:443"),
        ("api.example.com", 443, "udp", "api.example.com:443/udp"),
        ("2001:db8::1", 8443, "tcp", "[2001:db8::1]:8443"),
        ("2001:db8::1", None, "tcp", "[2001:db8::1]"),
    ],
)
def test_place(host: str, port: int | None, transport: str, shown: str) -> None:
    assert place(host, port, transport) == shown
