"""What an origin says once a connection stands: HTTP, an echo, or a greeting.

Paths of the HTTP server: `/blob` is `BLOB`, `/ws` becomes a websocket that echoes, `/status/503`
answers so, anything else is a short text.
"""

# h2 4.1, which mitmproxy 11 brings, has no types yet.
# mypy: disable-error-code="import-untyped"

from __future__ import annotations

import contextlib
import random
import socket
from collections.abc import Callable

import h2.config
import h2.connection
import h2.events
import h2.exceptions
import wsproto
import wsproto.events

BLOB = random.Random(7).randbytes(200_000)
TEXT = b"hello from the origin\n"
GREETING = b"220 ready\r\n"


def answer_to(path: str) -> tuple[int, bytes]:
    if path == "/blob":
        return 200, BLOB
    if path.startswith("/status/"):
        return int(path.removeprefix("/status/")), TEXT
    return 200, TEXT


def http(connection: socket.socket, protocol: str | None) -> None:
    if protocol == "h2":
        _http2(connection)
    else:
        _http1(connection)


def echo(connection: socket.socket, protocol: str | None) -> None:
    while data := connection.recv(65536):
        connection.sendall(data)


def greeting(connection: socket.socket, protocol: str | None) -> None:
    connection.sendall(GREETING)
    echo(connection, protocol)


TALKS: dict[str, Callable[[socket.socket, str | None], None]] = {
    "http": http,
    "echo": echo,
    "greeting": greeting,
}


def _http1(connection: socket.socket) -> None:
    received = b""
    while True:
        while b"\r\n\r\n" not in received:
            data = connection.recv(65536)
            if not data:
                return
            received += data
        head, received = received.split(b"\r\n\r\n", 1)
        path = head.split(b" ", 2)[1].decode("ascii", "replace")
        if path == "/ws":
            _websocket(connection, head + b"\r\n\r\n" + received)
            return
        status, body = answer_to(path)
        connection.sendall(
            b"HTTP/1.1 %d Told\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % (status, len(body)) + body
        )


def _websocket(connection: socket.socket, received: bytes) -> None:
    peer = wsproto.WSConnection(wsproto.ConnectionType.SERVER)
    while True:
        peer.receive_data(received)
        for event in peer.events():
            if isinstance(event, wsproto.events.Request):
                connection.sendall(peer.send(wsproto.events.AcceptConnection()))
            elif isinstance(event, wsproto.events.TextMessage):
                connection.sendall(peer.send(wsproto.events.TextMessage(data=event.data)))
            elif isinstance(event, wsproto.events.CloseConnection):
                connection.sendall(peer.send(event.response()))
                return
        received = connection.recv(65536)
        if not received:
            return


def _http2(connection: socket.socket) -> None:
    peer = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
    peer.initiate_connection()
    connection.sendall(peer.data_to_send())
    waiting: dict[int, bytes] = {}
    while data := connection.recv(65536):
        try:
            events = peer.receive_data(data)
        except h2.exceptions.ProtocolError:
            connection.sendall(peer.data_to_send())
            return
        for event in events:
            if isinstance(event, h2.events.RequestReceived):
                path = dict(event.headers or []).get(b":path", b"/").decode("ascii", "replace")
                status, body = answer_to(path)
                headers = [(":status", str(status)), ("content-type", "text/plain")]
                peer.send_headers(event.stream_id or 0, headers)
                waiting[event.stream_id or 0] = body
            elif isinstance(event, h2.events.StreamReset):
                waiting.pop(event.stream_id or 0, None)
        for stream in list(waiting):
            waiting[stream] = _send_within_window(peer, stream, waiting[stream])
            if not waiting[stream]:
                with contextlib.suppress(h2.exceptions.StreamClosedError):
                    peer.end_stream(stream)
                del waiting[stream]
        connection.sendall(peer.data_to_send())


def _send_within_window(peer: h2.connection.H2Connection, stream: int, body: bytes) -> bytes:
    """Send what the client's window allows; the rest waits for its next WINDOW_UPDATE."""
    while body:
        size = min(len(body), peer.local_flow_control_window(stream), peer.max_outbound_frame_size)
        if size <= 0:
            break
        peer.send_data(stream, body[:size])
        body = body[size:]
    return body
