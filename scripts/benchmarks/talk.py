"""A client's process that keeps its connections and talks on them: downloads, HTTP/2 requests, websocket, echo.

Reads orders as JSON lines, {"proxy", "kind", "count", "size"}, and answers with the seconds that each took.
"""

from __future__ import annotations

import json
import signal
import ssl
import sys
import time
from collections.abc import Callable
from pathlib import Path

import wsproto
import wsproto.events

from benchmarks.world import ECHO
from standin.clients.base import Job
from standin.clients.http_get import Ask, Http2
from standin.clients.tunnel import open_tunnel

HOST = "host-0.test"
TIMEOUT_S = 120.0
CHUNK = 1 << 18

Talk = Callable[[int, int], None]
"""So many times, so many bytes each."""


def download(connection: ssl.SSLSocket) -> Talk:
    """A large answer over HTTP/1.1."""
    buffer = bytearray(CHUNK)

    def talk(count: int, size: int) -> None:
        for _ in range(count):
            connection.sendall(f"GET /bytes/{size} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
            head = b""
            while b"\r\n\r\n" not in head:
                head += _some(connection)
            left = size - len(head.split(b"\r\n\r\n", 1)[1])
            while left:
                got = connection.recv_into(buffer, min(left, CHUNK))
                if not got:
                    raise ConnectionError("closed before the answer was whole")
                left -= got

    return talk


def requests(connection: ssl.SSLSocket) -> Talk:
    """Small answers over HTTP/2, one request after the other."""
    peer = Http2(connection)

    def talk(count: int, size: int) -> None:
        for _ in range(count):
            if peer.ask(Ask(HOST, "/")).status != 200:
                raise ConnectionError("no answer")

    return talk


def websocket(connection: ssl.SSLSocket) -> Talk:
    """Messages and their echoes."""
    peer = wsproto.WSConnection(wsproto.ConnectionType.CLIENT)
    connection.sendall(peer.send(wsproto.events.Request(host=HOST, target="/ws")))
    _await(connection, peer, wsproto.events.AcceptConnection)

    def talk(count: int, size: int) -> None:
        for _ in range(count):
            connection.sendall(peer.send(wsproto.events.TextMessage(data="x" * size)))
            _await(connection, peer, wsproto.events.TextMessage)

    return talk


def echo(connection: ssl.SSLSocket) -> Talk:
    """Bytes and their echoes, without any protocol in TLS."""

    def talk(count: int, size: int) -> None:
        message = b"x" * size
        for _ in range(count):
            connection.sendall(message)
            left = size
            while left:
                left -= len(_some(connection))

    return talk


KINDS: dict[str, tuple[str, tuple[str, ...], Callable[[ssl.SSLSocket], Talk]]] = {
    "download": (HOST, ("http/1.1",), download),
    "requests": (HOST, ("h2",), requests),
    "websocket": (HOST, ("http/1.1",), websocket),
    "echo": (ECHO, (), echo),
}


def _await(connection: ssl.SSLSocket, peer: wsproto.WSConnection, kind: type[wsproto.events.Event]) -> None:
    while True:
        peer.receive_data(_some(connection))
        if any(isinstance(event, kind) for event in list(peer.events())):
            return


def _some(connection: ssl.SSLSocket) -> bytes:
    data = connection.recv(CHUNK)
    if not data:
        raise ConnectionError("closed in the midst of it")
    return data


def _open(proxy: str, kind: str, trust: Path) -> Talk:
    host, alpn, make = KINDS[kind]
    context = ssl.create_default_context(cafile=trust)
    if alpn:
        context.set_alpn_protocols(list(alpn))
    tunnel = open_tunnel(Job(proxy=proxy, host=host, trust=trust, timeout_s=TIMEOUT_S))
    return make(context.wrap_socket(tunnel, server_hostname=host))


def main() -> None:
    """A worker. An error ends it, and with it the measurement."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends it by closing its standard input
    trust = Path(sys.argv[1])
    open_: dict[tuple[str, str], Talk] = {}
    for line in sys.stdin:
        order = json.loads(line)
        about = (order["proxy"], order["kind"])
        if about not in open_:
            open_[about] = _open(*about, trust)
        started_s = time.perf_counter()
        open_[about](order["count"], order["size"])
        print(json.dumps({"seconds": time.perf_counter() - started_s}), flush=True)


if __name__ == "__main__":
    main()
