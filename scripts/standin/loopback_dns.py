"""Lets apps say `api.shop.test:443` while the origins sit on loopback, on ports of their own.

A script for `mitmdump -s`. STANDIN_HOSTS holds a JSON table: "host" or "host:port" to [address, port].
A `.test` host that is not in the table goes to a closed port: none of the stand-in's names leaves the
machine.

It works below mitmproxy, where the socket is opened. A `server_connect` hook could change the address
as well, but then every script would see the origin's address and port instead of those the app named.
"""

import asyncio
import json
import os
from typing import Any

TABLE: dict[str, tuple[str, int]] = {
    name: (str(place[0]), int(place[1])) for name, place in json.loads(os.environ.get("STANDIN_HOSTS", "{}")).items()
}
NOWHERE = ("127.0.0.1", 9)

_open_connection = asyncio.open_connection


def place_of(host: str, port: int) -> tuple[str, int]:
    plain = host.lower().rstrip(".")
    place = TABLE.get(f"{plain}:{port}") or TABLE.get(plain)
    if place is None and plain.endswith(".test"):
        place = NOWHERE
    return place or (host, port)


async def open_connection(host: str, port: int, **options: Any) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await _open_connection(*place_of(host, port), **options)


def load(_: object) -> None:
    asyncio.open_connection = open_connection  # type: ignore[assignment]


def done() -> None:
    asyncio.open_connection = _open_connection
