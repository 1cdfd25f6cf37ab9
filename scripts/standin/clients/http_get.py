"""One GET over a connection that stands, HTTP/1.1 or HTTP/2, for clients written in Python."""

# h2 4.1, which mitmproxy 11 brings, has no types yet.
# mypy: disable-error-code="import-untyped"

from __future__ import annotations

import hashlib
import socket
from dataclasses import dataclass

import h2.config
import h2.connection
import h2.events


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


def get(connection: socket.socket, host: str, path: str, protocol: str | None) -> Answer:
    return get_h2(connection, [host], path)[0] if protocol == "h2" else get_h1(connection, host, path)


def get_h1(connection: socket.socket, host: str, path: str) -> Answer:
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: standin\r\n\r\n".encode())
    data = b""
    while b"\r\n\r\n" not in data:
        data += _more(connection)
    head, body = data.split(b"\r\n\r\n", 1)
    lines = head.split(b"\r\n")
    length = 0
    for line in lines[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        body += _more(connection)
    return Answer(int(lines[0].split(b" ")[1]), body)


def get_h2(connection: socket.socket, authorities: list[str], path: str) -> list[Answer]:
    """One stream per authority, one after the other, all on this connection."""
    peer = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True))
    peer.initiate_connection()
    connection.sendall(peer.data_to_send())
    answers = []
    for authority in authorities:
        stream = peer.get_next_available_stream_id()
        request = [
            (":method", "GET"),
            (":scheme", "https"),
            (":authority", authority),
            (":path", path),
        ]
        peer.send_headers(stream, request, end_stream=True)
        connection.sendall(peer.data_to_send())
        answers.append(_read_stream(connection, peer, stream))
    return answers


def _read_stream(connection: socket.socket, peer: h2.connection.H2Connection, stream: int) -> Answer:
    status, body = 0, b""
    while True:
        for event in peer.receive_data(_more(connection)):
            if isinstance(event, h2.events.ResponseReceived) and event.stream_id == stream:
                status = int(dict(event.headers or []).get(b":status", b"0"))
            elif isinstance(event, h2.events.DataReceived):
                peer.acknowledge_received_data(event.flow_controlled_length or 0, stream)
                body += event.data or b""
            elif isinstance(event, h2.events.StreamEnded) and event.stream_id == stream:
                return Answer(status, body)
            elif isinstance(event, (h2.events.StreamReset, h2.events.ConnectionTerminated)):
                raise ConnectionError(f"HTTP/2 error {event.error_code}")
        connection.sendall(peer.data_to_send())


def _more(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise ConnectionError("closed before the answer was whole")
    return data
