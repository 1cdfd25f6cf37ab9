"""Endpoints have an order of their own, so that no report depends on the order of arrival."""

from __future__ import annotations

from itertools import permutations

from pinprobe.attempts import Endpoint


def endpoint(app_id: str = "app", host: str = "host", port: int = 443, transport: str = "tcp") -> Endpoint:
    return Endpoint(app_id=app_id, host=host, port=port, transport=transport)


def test_order_is_app_host_port_transport() -> None:
    ordered = [
        endpoint("a", "z", 900, "udp"),
        endpoint("b", "a", 80),
        endpoint("b", "a", 443),
        endpoint("b", "a", 443, "udp"),
        endpoint("b", "b", 1),
    ]
    assert all(sorted(shuffled) == ordered for shuffled in permutations(ordered))
