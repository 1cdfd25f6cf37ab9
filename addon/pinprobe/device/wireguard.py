"""A WireGuard tunnel for one app: the configuration for the device, from the keys of mitmproxy's listener. Pure.

mitmproxy prints a configuration too, which leads every app into the tunnel and leaves IPv6 outside of it.
"""

import base64
import binascii
import json
from dataclasses import dataclass, field

from pinprobe.device import names
from pinprobe.device.errors import DeviceError

PORT = 51820
ADDRESSES = ("10.0.0.1/32", "fd00:7069:6e70::1/128")
"""The device's inside the tunnel; the first is the one that mitmproxy gives it."""
DNS = "10.0.0.53"
"""mitmproxy answers lookups there."""
EVERYTHING = ("0.0.0.0/0", "::/0")
"""Both families, so that nothing of the app goes around the tunnel."""
KEY_BYTES = 32
LONGEST_NAME = 15
"""Of a tunnel in Android's WireGuard app (an interface's name)."""
NEXT = "Start mitmdump with --mode wireguard:FILE@PORT once: it makes the file."


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What mitmproxy keeps in its file: both private halves, in Base64."""

    server: str = field(repr=False)
    client: str = field(repr=False)


def read_keys(text: str) -> Keys:
    """From mitmproxy's JSON. Raises `DeviceError`, which quotes nothing of it."""
    try:
        document = json.loads(text)
        keys = Keys(server=document["server_key"], client=document["client_key"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise DeviceError("The file holds no keys of a WireGuard listener of mitmproxy's.", NEXT) from None
    if not (is_key(keys.server) and is_key(keys.client)):
        raise DeviceError("The file holds something that is no WireGuard key.", NEXT)
    return keys


def is_key(text: object) -> bool:
    """Whether it is 32 bytes in Base64."""
    try:
        return isinstance(text, str) and len(base64.b64decode(text, validate=True)) == KEY_BYTES
    except (binascii.Error, ValueError):
        return False


def client_config(*, client_key: str, server_public: str, endpoint: str, package: str | None) -> str:
    """The configuration for the device's WireGuard app. `endpoint` is host:port of this computer; without a package the
    whole device goes through the tunnel. Raises ValueError for what cannot stand there."""
    if not (is_key(client_key) and is_key(server_public)):
        raise ValueError("a WireGuard key is 32 bytes in Base64")
    only = [f"IncludedApplications = {names.package_name(package)}"] if package is not None else []
    lines = [
        "[Interface]",
        f"PrivateKey = {client_key}",
        f"Address = {', '.join(ADDRESSES)}",
        f"DNS = {DNS}",
        *only,
        "",
        "[Peer]",
        f"PublicKey = {server_public}",
        f"AllowedIPs = {', '.join(EVERYTHING)}",
        f"Endpoint = {checked_endpoint(endpoint)}",
    ]
    return "\n".join(lines) + "\n"


def checked_endpoint(text: str) -> str:
    """A host or address and a port: 192.0.2.2:51820, or [2001:db8::1]:51820. Raises ValueError."""
    host, colon, port = text.rpartition(":")
    if not colon:
        raise ValueError(f"{text[:80]!r} is no host:port")
    names.port(port)
    if host.startswith("[") and host.endswith("]") and all(c in "0123456789abcdefABCDEF:." for c in host[1:-1]):
        return text
    names.host(host)
    return text


def tunnel_name(package: str | None) -> str:
    """A name that the WireGuard app takes, and that says whose the tunnel is."""
    if package is None:
        return "pinprobe"
    return f"pp-{names.package_name(package).rpartition('.')[2].replace('_', '-')}"[:LONGEST_NAME]
