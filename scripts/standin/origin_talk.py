"""What an origin says once a connection stands: HTTP, an echo, or a greeting.

Paths of the HTTP server: `/blob` is `BLOB`, `/bytes/N` so many bytes of it again and again, `/ws`
becomes a websocket that echoes, `/status/503` answers so, `/hpkp` and `/expect-ct` bring the header
of that name, `/pins/HOST/PIN` is a set of pins for this host, this one and a spare, anything else is
a short text.
"""

# h2 4.1, which mitmproxy 11 brings, has no types yet.
# mypy: disable-error-code="import-untyped"

from __future__ import annotations

import contextlib
import json
import random
import socket
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import h2.config
import h2.connection
import h2.events
import h2.exceptions
import wsproto
import wsproto.events

BLOB = random.Random(7).randbytes(200_000)
TEXT = b"hello from the origin\n"
SPARE = "d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWmM="
GREETING = b"220 ready\r\n"


Note = Callable[[Mapping[str, object]], None]
"""Told of every request that came whole: its method, authority, path, type and length of body."""

HEADERS: dict[str, tuple[tuple[str, str], ...]] = {
    "/hpkp": (
        (
            "Public-Key-Pins",
            'pin-sha256="d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWmM="; '
            'pin-sha256="E9CZ9INDbd+2eRQozYqqbQ2yXLVKB9+xcprMF+44U1g="; max-age=5184000',
        ),
    ),
    "/expect-ct": (("Expect-CT", "max-age=86400, enforce"),),
}


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


def answer_to(path: str) -> Reply:
    if path == "/blob":
        return Reply(200, BLOB)
    if path.startswith("/bytes/"):
        return Reply(200, _bytes(int(path.removeprefix("/bytes/"))))
    if path.startswith("/status/"):
        return Reply(int(path.removeprefix("/status/")), TEXT)
    if path.startswith("/pins/"):
        host, pin = path.removeprefix("/pins/").split("/", 1)
        return Reply(200, json.dumps({host: [f"sha256/{pin}", f"sha256/{SPARE}"]}).encode())
    return Reply(200, TEXT, HEADERS.get(path, ()))


@lru_cache(maxsize=1)
def _bytes(count: int) -> bytes:
    return (BLOB * (count // len(BLOB) + 1))[:count]


def http(connection: socket.socket, protocol: str | None, note: Note) -> None:
    if protocol == "h2":
        _http2(connection, note)
    else:
        _http1(connection, note)


def echo(connection: socket.socket, protocol: str | None, note: Note) -> None:
    while data := connection.recv(65536):
        connection.sendall(data)


def greeting(connection: socket.socket, protocol: str | None, note: Note) -> None:
    connection.sendall(GREETING)
    echo(connection, protocol, note)


TALKS: dict[str, Callable[[socket.socket, str | None, Note], None]] = {
    "http": http,
    "echo": echo,
    "greeting": greeting,
}


def _http1(connection: socket.socket, note: Note) -> None:
    received = b""
    while True:
        while b"\r\n\r\n" not in received:
            data = connection.recv(65536)
            if not data:
                return
            received += data
        head, received = received.split(b"\r\n\r\n", 1)
        first, *lines = head.decode("ascii", "replace").split("\r\n")
        method, path, _ = first.split(" ", 2)
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if path == "/ws":
            _websocket(connection, head + b"\r\n\r\n" + received)
            return
        length = int(headers.get("content-length", 0))
        while len(received) < length:
            data = connection.recv(65536)
            if not data:
                return
            received += data
        received = received[length:]
        note(_noted(method, headers.get("host", ""), path, headers.get("content-type", ""), length))
        reply = answer_to(path)
        connection.sendall(_head(reply) + reply.body)


def _head(reply: Reply) -> bytes:
    lines = [f"HTTP/1.1 {reply.status} Told", "Content-Type: text/plain", f"Content-Length: {len(reply.body)}"]
    lines += [f"{name}: {value}" for name, value in reply.headers]
    return "\r\n".join([*lines, "", ""]).encode()


def _noted(method: str, authority: str, path: str, content_type: str, length: int) -> Mapping[str, object]:
    return {"method": method, "authority": authority, "path": path, "content_type": content_type, "length": length}


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


def _http2(connection: socket.socket, note: Note) -> None:
    peer = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
    peer.initiate_connection()
    connection.sendall(peer.data_to_send())
    asked: dict[int, dict[str, str]] = {}
    lengths: Counter[int] = Counter()
    waiting: dict[int, bytes] = {}
    while data := connection.recv(65536):
        try:
            events = peer.receive_data(data)
        except h2.exceptions.ProtocolError:
            connection.sendall(peer.data_to_send())
            return
        for event in events:
            stream = getattr(event, "stream_id", None) or 0
            if isinstance(event, h2.events.RequestReceived):
                asked[stream] = {n.decode(): v.decode("ascii", "replace") for n, v in event.headers or []}
            elif isinstance(event, h2.events.DataReceived):
                lengths[stream] += len(event.data or b"")
                peer.acknowledge_received_data(event.flow_controlled_length or 0, stream)
            elif isinstance(event, h2.events.StreamEnded):
                head = asked.pop(stream)
                path = head.get(":path", "/")
                authority, content_type = head.get(":authority", ""), head.get("content-type", "")
                note(_noted(head.get(":method", ""), authority, path, content_type, lengths.pop(stream, 0)))
                reply = answer_to(path)
                told = [(name.lower(), value) for name, value in reply.headers]
                peer.send_headers(stream, [(":status", str(reply.status)), ("content-type", "text/plain"), *told])
                waiting[stream] = reply.body
            elif isinstance(event, h2.events.StreamReset):
                asked.pop(stream, None)
                waiting.pop(stream, None)
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
