"""Registrable domains."""

from __future__ import annotations

import pytest

from pinprobe.catalog import domains
from pinprobe.catalog.domains import registrable_domain


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("example.com", "example.com"),
        ("api.example.com", "example.com"),
        ("a.b.example.co.uk", "example.co.uk"),
        ("co.uk", "co.uk"),
        ("someone.github.io", "someone.github.io"),
        ("localhost", "localhost"),
        ("host.internal", "host.internal"),
        ("a.host.internal", "host.internal"),
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8::1", "2001:db8::1"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
    ],
)
def test_registrable_domains(host: str, domain: str) -> None:
    assert registrable_domain(host) == domain


def test_without_the_public_suffix_list_the_last_two_labels_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(domains, "_public_suffix_list", lambda: None)
    assert registrable_domain("a.b.example.com") == "example.com"
    assert registrable_domain("localhost") == "localhost"
