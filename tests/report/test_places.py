"""Names of endpoints, to read."""

from __future__ import annotations

import pytest

from pinprobe.report.places import place


@pytest.mark.parametrize(
    ("host", "port", "transport", "shown"),
    [
        ("api.example.com", 443, "tcp", "api.example.com:443"),
        ("api.example.com", 443, "udp", "api.example.com:443/udp"),
        ("2001:db8::1", 8443, "tcp", "[2001:db8::1]:8443"),
        ("a\x1b[2J\u202eb", 1, "t\n", "a\\u001b[2J\\u202eb:1/t\\u000a"),
        ("x" * 300, 1, "tcp", f"{'x' * 253}… (47 more characters):1"),
    ],
)
def test_place(host: str, port: int, transport: str, shown: str) -> None:
    assert place(host, port, transport) == shown
