"""A device's address."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.attribution.seen import ONE, seen

from pinprobe.attribution import Attributed, client, is_loopback, plain_address


@pytest.mark.parametrize("address", ["192.0.2.7", "::ffff:192.0.2.7", "::ffff:c000:207"])
def test_an_address_names_its_app_however_it_is_written(address: str) -> None:
    told = client.told(seen(client=(address, 40000)), {"192.0.2.7": ONE})
    assert told == Attributed(app_id=ONE, source_id="client")


def test_another_address_says_nothing() -> None:
    assert client.told(seen(), {"192.0.2.70": ONE}) is None
    assert client.told(seen(), {}) is None


@given(st.ip_addresses())
def test_a_plain_address_is_plain(address: object) -> None:
    assert plain_address(plain_address(str(address))) == plain_address(str(address))


def test_what_is_no_address_stays() -> None:
    assert plain_address("/run/proxy.sock") == "/run/proxy.sock"
    assert plain_address("fe80::1%eth0") == "fe80::1"


@pytest.mark.parametrize(
    ("address", "so"), [("127.0.0.1", True), ("127.1.2.3", True), ("::1", True), ("10.0.0.1", False)]
)
def test_loopback(address: str, so: bool) -> None:
    assert is_loopback(address) is so
