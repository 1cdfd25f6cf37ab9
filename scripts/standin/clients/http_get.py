"""Requests over a connection that stands, HTTP/1.1 or HTTP/2, one after the other, for clients in Python."""

# h2 4.1, which mitmproxy 11 brings, has no types yet.
# mypy: disable-error-code="import-untyped"

from __future__ import annotations

import hashlib
import socket
from dataclasses import dataclass
from typing import Protocol

import h2.config
import h2.connection
import h2.events


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: a GET, or with a body a POST."""

    host: str
    path: str
    body: bytes = b""
    content_type: str = ""

    @property
    def method(self) -> str:
        return "POST" if self.body else "GET"

    @property
    def about_body(self) -> list[tuple[str, str]]:
        """The headers that go with a body; none without."""
        return [("content-type", self.content_type), ("content-length", str(len(self.body)))] if self.body else []


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


class Conversation(Protocol):
    def ask(self, ask: Ask) -> Answer: ...


def converse(connection: socket.socket, protocol: str | None) -> Conversation:
    """What is to be asked on this connection, in the protocol that was negotiated."""
    return Http2(connection) if protocol == "h2" else Http1(connection)


def get_h1(connection: socket.socket, host: str, path: str) -> Answer:
    return Http1(connection).ask(Ask(host, path))


class Http1:
    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def ask(self, ask: Ask) -> Answer:
        head = f"{ask.method} {ask.path} HTTP/1.1\r\nHost: {ask.host}\r\nUser-Agent: standin\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in ask.about_body)
        self._connection.sendall(head.encode() + b"\r\n" + ask.body)
        data = b""
        while b"\r\n\r\n" not in data:
            data += _more(self._connection)
        head_bytes, body = data.split(b"\r\n\r\n", 1)
        lines = head_bytes.split(b"\r\n")
        length = 0
        for line in lines[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        while len(body) < length:
            body += _more(self._connection)
        return Answer(int(lines[0].split(b" ")[1]), body)


class Http2:
    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._peer = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True))
        self._peer.initiate_connection()
        self._flush()

    def ask(self, ask: Ask) -> Answer:
        """One stream, of whatever authority."""
        stream = self._peer.get_next_available_stream_id()
        request = [
            (":method", ask.method),
            (":scheme", "https"),
            (":authority", ask.host),
            (":path", ask.path),
            *ask.about_body,
        ]
        self._peer.send_headers(stream, request, end_stream=not ask.body)
        if ask.body:
            # What is posted here is a few kilobytes: within any first window, but not always within a frame.
            size = self._peer.max_outbound_frame_size
            for start in range(0, len(ask.body), size):
                self._peer.send_data(stream, ask.body[start : start + size], end_stream=start + size >= len(ask.body))
        self._flush()
        return self._read_stream(stream)

    def _read_stream(self, stream: int) -> Answer:
        status, body = 0, b""
        while True:
            for event in self._peer.receive_data(_more(self._connection)):
                if isinstance(event, h2.events.ResponseReceived) and event.stream_id == stream:
                    status = int(dict(event.headers or []).get(b":status", b"0"))
                elif isinstance(event, h2.events.DataReceived):
                    self._peer.acknowledge_received_data(event.flow_controlled_length or 0, stream)
                    body += event.data or b""
                elif isinstance(event, h2.events.StreamEnded) and event.stream_id == stream:
                    return Answer(status, body)
                elif isinstance(event, (h2.events.StreamReset, h2.events.ConnectionTerminated)):
                    raise ConnectionError(f"HTTP/2 error {event.error_code}")
            self._flush()

    def _flush(self) -> None:
        self._connection.sendall(self._peer.data_to_send())


def _more(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise ConnectionError("closed before the answer was whole")
    return data
