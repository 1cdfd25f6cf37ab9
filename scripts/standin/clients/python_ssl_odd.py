"""What the Python client does besides asking over HTTPS once: idling, resuming, cleartext, raw bytes, websockets, coalescing."""

from __future__ import annotations

import socket
import time

import wsproto
import wsproto.events

from standin.clients.base import Attempt, answered, failed
from standin.clients.http_get import Ask, Http2, converse
from standin.clients.python_ssl_aside import ask_in_cleartext
from standin.clients.python_ssl_client import Client, drop
from standin.clients.tunnel import open_tunnel


def idle(client: Client) -> Attempt:
    with client.connect(client.job.host) as connection:
        client.stage = "idle"
        time.sleep(client.job.hold_s)
        drop(connection)
    return failed("idle", "closed without a request, as planned")


def resume(client: Client) -> Attempt:
    """Each attempt offers the session of the last one, wherever that was."""
    with client.connect(client.host) as connection:
        client.stage = "request"
        conversation = converse(connection, connection.selected_alpn_protocol())
        answer = conversation.ask(Ask(client.host, client.job.path))
        client.session = connection.session
        return answered(f"HTTP {answer.status}", host=client.host, resumed=connection.session_reused)


def cleartext(client: Client) -> Attempt:
    status = ask_in_cleartext(client.job, Ask(client.job.host, client.job.path))
    return answered(f"HTTP {status}", status=status)


def raw(client: Client) -> Attempt:
    with client.connect(client.job.host) as connection:
        client.stage = "request"
        return _echoed(connection)


def greeting(client: Client) -> Attempt:
    with client.connect(client.job.host) as connection:
        client.stage = "response"
        said = connection.recv(100)
        connection.sendall(b"\x02thanks\n")
        connection.recv(100)
        words = said.decode("ascii", "replace").strip()
        return answered(words) if said else failed("response", words)


def tcp(client: Client) -> Attempt:
    with open_tunnel(client.job) as connection:
        client.stage = "request"
        return _echoed(connection)


def torn_hello(client: Client) -> Attempt:
    with open_tunnel(client.job) as connection:
        connection.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
    return failed("hello", "left in the midst of it, as planned")


def _echoed(connection: socket.socket) -> Attempt:
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
    return answered("echoed")


def websocket(client: Client) -> Attempt:
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
                    return answered(f"websocket: {event.data}")
                elif isinstance(event, wsproto.events.RejectConnection):
                    raise ConnectionError(f"websocket refused: {event.status_code}")


def coalesce(client: Client) -> Attempt:
    job = client.job
    with client.connect(job.host) as connection:
        client.stage = "request"
        if connection.selected_alpn_protocol() != "h2":
            raise ConnectionError("no HTTP/2 to coalesce on")
        conversation = Http2(connection)
        answers = [conversation.ask(Ask(host, job.path)) for host in (job.host, *job.hosts.split(","))]
        return answered(" ".join(str(answer.status) for answer in answers))
