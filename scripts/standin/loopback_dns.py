"""Lets apps say `api.shop.test:443` while the origins sit on loopback, on ports of their own.

A script for `mitmdump -s`. STANDIN_HOSTS holds a JSON table: "host" or "host:port" to [address, port].
"*.shop.test" stands for every name with one more label. A `.test` host that is not in the table goes to a closed port:
none of the stand-in's names leaves the machine.

STANDIN_NAMES holds another: host to the address that a lookup through the proxy is answered with, for devices that are
led here without a proxy setting. UDP is led to the same places as TCP.

It works below mitmproxy, where the socket is opened. A `server_connect` hook could change the address
as well, but then every script would see the origin's address and port instead of those the app named.
"""

import asyncio
import json
import os
from ipaddress import IPv4Address
from typing import Any

from mitmproxy import dns
from mitmproxy_rs import udp

A = 1
"""The type of a record that holds an IPv4 address (RFC 1035, section 3.2.2)."""
TABLE: dict[str, tuple[str, int]] = {
    name: (str(place[0]), int(place[1])) for name, place in json.loads(os.environ.get("STANDIN_HOSTS", "{}")).items()
}
NAMES: dict[str, str] = json.loads(os.environ.get("STANDIN_NAMES", "{}"))
NOWHERE = ("127.0.0.1", 9)
LOOKED_UP = frozenset(NAMES.values())

_open_connection = asyncio.open_connection
_open_udp_connection = udp.open_udp_connection


def place_of(host: str, port: int) -> tuple[str, int]:
    plain = host.lower().rstrip(".")
    place = TABLE.get(f"{plain}:{port}") or TABLE.get(plain) or TABLE.get("*." + plain.partition(".")[2])
    if place is None and (plain.endswith(".test") or plain in LOOKED_UP):
        place = NOWHERE
    return place or (host, port)


async def open_connection(host: str, port: int, **options: Any) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await _open_connection(*place_of(host, port), **options)


async def open_udp_connection(host: str, port: int, **options: Any) -> Any:
    return await _open_udp_connection(*place_of(host, port), **options)


def dns_request(flow: dns.DNSFlow) -> None:
    question = flow.request.question
    if question is None or not NAMES:
        return
    address = NAMES.get(question.name.lower().rstrip("."))
    answers = [dns.ResourceRecord.A(question.name, IPv4Address(address))] if address and question.type == A else []
    flow.response = flow.request.succeed(answers)


def load(_: object) -> None:
    asyncio.open_connection = open_connection  # type: ignore[assignment]
    udp.open_udp_connection = open_udp_connection


def done() -> None:
    asyncio.open_connection = _open_connection
    udp.open_udp_connection = _open_udp_connection
