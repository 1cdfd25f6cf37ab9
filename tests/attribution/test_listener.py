"""A listener for one app."""

from __future__ import annotations

import pytest
from tests.attribution.seen import ONE, TWO, seen

from pinprobe.attribution import Attributed, listener


@pytest.mark.parametrize("mode", ["regular", "socks5", "transparent", "reverse", "upstream", "local"])
def test_a_listeners_port_names_its_app(mode: str) -> None:
    apps = {8081: ONE, 8082: TWO}
    assert listener.told(seen(mode=mode, port=8082), apps) == Attributed(app_id=TWO, source_id="listener")


def test_another_port_or_a_tunnel_says_nothing() -> None:
    assert listener.told(seen(port=8080), {8081: ONE}) is None
    assert listener.told(seen(mode="wireguard", port=8081), {8081: ONE}) is None
