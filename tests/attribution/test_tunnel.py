"""A WireGuard listener for one app."""

from __future__ import annotations

from tests.attribution.seen import ONE, seen

from pinprobe.attribution import Attributed, tunnel


def test_a_tunnels_port_names_its_app() -> None:
    assert tunnel.told(seen(mode="wireguard", port=51820), {51820: ONE}) == Attributed(app_id=ONE, source_id="tunnel")


def test_another_port_or_mode_says_nothing() -> None:
    assert tunnel.told(seen(mode="wireguard", port=51821), {51820: ONE}) is None
    assert tunnel.told(seen(mode="regular", port=51820), {51820: ONE}) is None
    assert tunnel.told(seen(mode="wireguard", port=51820), {}) is None
