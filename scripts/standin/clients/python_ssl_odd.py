"""What the Python client does besides asking over HTTPS: cleartext, raw bytes, websockets, coalescing."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING, Protocol

import wsproto
import wsproto.events

from standin.clients.base import say
from standin.clients.http_get import Answer, get_h1, get_h2
from standin.clients.tunnel import open_tunnel

if TYPE_CHECKING:
    from standin.clients.base import Job


class Connects(Protocol):
    job: Job
    stage: str

    def connect(self, host: str) -> ssl.SSLSocket: ...


def ask_in_cleartext(job: Job) -> Answer:
    """As an HTTP client asks its proxy: the whole address in the request line."""
    address, port = job.proxy.rsplit(":", 1)
    with socket.create_connection((address, int(port)), timeout=job.timeout_s) as connection:
        return get_h1(connection, job.host, f"http://{job.host}{job.path}")


def cleartext(client: Connects) -> None:
    answer = ask_in_cleartext(client.job)
    say("response", "response", f"HTTP {answer.status}", status=answer.status)


def raw(client: Connects) -> None:
    with client.connect(client.job.host) as connection:
        client.stage = "request"
        _echoed(connection)


def greeting(client: Connects) -> None:
    with client.connect(client.job.host) as connection:
        client.stage = "response"
        said = connection.recv(100)
        connection.sendall(b"\x02thanks\n")
        connection.recv(100)
        say("response" if said else "failed", "response", said.decode("ascii", "replace").strip())


def tcp(client: Connects) -> None:
    with open_tunnel(client.job) as connection:
        client.stage = "request"
        _echoed(connection)


def torn_hello(client: Connects) -> None:
    with open_tunnel(client.job) as connection:
        connection.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
    say("failed", "hello", "left in the midst of it, as planned")


def _echoed(connection: socket.socket) -> None:
    # Nothing that a parser could take for HTTP, and more than one message.
    for message in (b"\x00\x01binary\xff", b"\x02more\n"):
        connection.sendall(message)
        got = b""
        while len(got) < len(message):
            piece = connection.recv(100)
            if not piece:
                raise ConnectionError("closed before the echo")
            got += piece
        if got != message:
            raise ConnectionError(f"echoed otherwise: {got!r}")
    say("response", "response", "echoed")


def websocket(client: Connects) -> None:
    with client.connect(client.job.host) as connection:
        client.stage = "request"
        peer = wsproto.WSConnection(wsproto.ConnectionType.CLIENT)
        connection.sendall(peer.send(wsproto.events.Request(host=client.job.host, target="/ws")))
        while True:
            data = connection.recv(65536)
            if not data:
                raise ConnectionError("closed before the websocket answered")
            peer.receive_data(data)
            for event in peer.events():
                if isinstance(event, wsproto.events.AcceptConnection):
                    connection.sendall(peer.send(wsproto.events.TextMessage(data="ping")))
                elif isinstance(event, wsproto.events.TextMessage):
                    connection.sendall(peer.send(wsproto.events.CloseConnection(code=1000)))
                    say("response", "response", f"websocket: {event.data}")
                    return
                elif isinstance(event, wsproto.events.RejectConnection):
                    raise ConnectionError(f"websocket refused: {event.status_code}")


def coalesce(client: Connects) -> None:
    job = client.job
    with client.connect(job.host) as connection:
        client.stage = "request"
        if connection.selected_alpn_protocol() != "h2":
            raise ConnectionError("no HTTP/2 to coalesce on")
        answers = get_h2(connection, [job.host, *job.hosts.split(",")], job.path)
        say("response", "response", " ".join(str(answer.status) for answer in answers))
