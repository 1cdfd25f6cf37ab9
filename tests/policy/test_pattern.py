"""Which endpoints a pattern speaks of."""

from __future__ import annotations

import pytest

from pinprobe.attempts import Endpoint
from pinprobe.policy import HostPattern


def pattern(text: str) -> HostPattern:
    found = HostPattern.of(text)
    assert found is not None
    return found


def endpoint(host: str, port: int = 443, transport: str = "tcp") -> Endpoint:
    return Endpoint(app_id="app", host=host, port=port, transport=transport)


@pytest.mark.parametrize(
    ("text", "name", "matches"),
    [
        ("example.com", endpoint("example.com"), True),
        ("example.com", endpoint("example.com", 8443), True),
        ("example.com", endpoint("api.example.com"), False),
        ("EXAMPLE.com.", endpoint("example.com"), True),
        ("*.example.com", endpoint("a.b.example.com"), True),
        ("*.example.com", endpoint("example.com"), False),
        ("*", endpoint("anything", 1, "udp"), True),
        ("api-?.example.com", endpoint("api-1.example.com"), False),
        ("*-?.example.com", endpoint("api-1.example.com"), False),
        ("example.com:8443", endpoint("example.com"), False),
        ("example.com:8443", endpoint("example.com", 8443), True),
        ("example.com:443/udp", endpoint("example.com"), False),
        ("example.com:443/udp", endpoint("example.com", transport="udp"), True),
        ("[2001:DB8::1]:443", endpoint("2001:db8::1"), True),
        ("[2001:db8::1]", endpoint("2001:db8::2"), False),
        ("192.0.2.1", endpoint("192.0.2.1"), True),
    ],
)
def test_matching(text: str, name: Endpoint, matches: bool) -> None:
    assert pattern(text).matches(name) is matches


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a b",
        "https://example.com",
        "example.com/path",
        "example.com:",
        "example.com:x",
        "a:1:2",
        "2001:db8::1",
        "[::1",
        "example.com/udp",
        "example.com:443/sctp",
        "example.com:123456",
        "a[b]",
        "a\n",
    ],
)
def test_what_is_no_pattern(text: str) -> None:
    assert HostPattern.of(text) is None


@pytest.mark.parametrize(
    ("wide", "narrow", "covers"),
    [
        ("*.example.com", "api.example.com:443", True),
        ("api.example.com", "api.example.com", True),
        ("api.example.com:443", "api.example.com", False),
        ("*", "*.example.com", True),
        ("api.example.com", "*.example.com", False),
        ("a:1/tcp", "a:1", False),
    ],
)
def test_covering(wide: str, narrow: str, covers: bool) -> None:
    assert pattern(wide).covers(pattern(narrow)) is covers
