"""The configuration for one app's tunnel, as text."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinprobe.device.errors import DeviceError
from pinprobe.device.wireguard import checked_endpoint, client_config, is_key, read_keys, tunnel_name

KEY, OTHER = (base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2))


def test_the_configuration_carries_one_app_and_both_families() -> None:
    config = client_config(client_key=KEY, server_public=OTHER, endpoint="192.0.2.2:51820", package="com.example.app")
    assert config == (
        f"[Interface]\nPrivateKey = {KEY}\nAddress = 10.0.0.1/32, fd00:7069:6e70::1/128\nDNS = 10.0.0.53\n"
        f"IncludedApplications = com.example.app\n\n[Peer]\nPublicKey = {OTHER}\nAllowedIPs = 0.0.0.0/0, ::/0\n"
        "Endpoint = 192.0.2.2:51820\n"
    )


def test_without_a_package_it_is_the_whole_devices() -> None:
    config = client_config(client_key=KEY, server_public=OTHER, endpoint="[2001:db8::1]:51820", package=None)
    assert "IncludedApplications" not in config and "Endpoint = [2001:db8::1]:51820\n" in config


@given(st.text(), st.text())
def test_nothing_from_outside_adds_a_line(package: str, endpoint: str) -> None:
    try:
        config = client_config(client_key=KEY, server_public=OTHER, endpoint=endpoint, package=package)
    except ValueError:
        return
    assert len(config.splitlines()) == 10


@pytest.mark.parametrize("text", ["192.0.2.2", ":51820", "host:0", "host:70000", "a b:1", "[x]:1", "host\nDNS:1"])
def test_what_is_no_endpoint(text: str) -> None:
    with pytest.raises(ValueError):
        checked_endpoint(text)


def test_mitmproxys_file_is_read_and_not_shown() -> None:
    keys = read_keys(json.dumps({"server_key": KEY, "client_key": OTHER}))
    assert (keys.server, keys.client) == (KEY, OTHER)
    assert KEY not in repr(keys) and OTHER not in repr(keys)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"server_key": 1, "client_key": 2}', json.dumps({"server_key": KEY, "client_key": "c2hvcnQ="})],
)
def test_another_file_is_refused_without_quoting_it(text: str) -> None:
    with pytest.raises(DeviceError) as raised:
        read_keys(text)
    assert KEY not in str(raised.value)


@given(st.binary(max_size=64))
def test_a_key_is_32_bytes(raw: bytes) -> None:
    assert is_key(base64.b64encode(raw).decode()) is (len(raw) == 32)


@pytest.mark.parametrize(
    ("package", "name"),
    [
        ("com.example.app", "pp-app"),
        ("com.example.a_very_long_name_indeed", "pp-a-very-long-"),
        (None, "pinprobe"),
    ],
)
def test_names_of_tunnels(package: str | None, name: str) -> None:
    assert tunnel_name(package) == name
