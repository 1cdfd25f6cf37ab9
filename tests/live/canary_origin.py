"""A server that tells secrets of its own in every place that an answer has: HTTP/1.1, HTTP/2 and a websocket."""

# h2 4.1, which mitmproxy 11 brings, has no types yet.
# mypy: disable-error-code="import-untyped"

from __future__ import annotations

import contextlib
import gzip
import json
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import h2.config
import h2.connection
import h2.events
import wsproto
import wsproto.events as ws
from tests.live.canary import secret, token
from tests.live.world import World

NAME = "subject.shop.test"
PINS = {NAME: ["sha256/d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWmM="], "note": secret("answer-body")}
BODY = gzip.compress(json.dumps(PINS).encode())
"""Looked at while it passes, since it brings pins."""
HEADERS = (
    ("content-type", "application/json"),
    ("content-encoding", "gzip"),
    ("set-cookie", f"session={secret('set-cookie')}; Path=/{token('cookie-path')}"),
    ("location", f"https://{NAME}/{secret('location')}"),
    ("www-authenticate", f'Basic realm="{token("realm")}"'),
    ("public-key-pins", f'pin-sha256="{secret("pin")}"; report-uri="https://{NAME}/{token("report-uri")}"'),
    ("etag", f'"{token("etag")}"'),
    (token("answer-header-name").lower(), secret("answer-header")),
)


@contextmanager
def origin(world: World) -> Iterator[int]:
    """Its port, while it runs."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    leaf = world.leaf_of(NAME)
    context.load_cert_chain(leaf.chain_path, leaf.key_path)
    context.set_alpn_protocols(["h2", "http/1.1"])
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_accept, args=(listener, context), daemon=True).start()
        yield int(listener.getsockname()[1])


def _accept(listener: socket.socket, context: ssl.SSLContext) -> None:
    with contextlib.suppress(OSError):
        while True:
            threading.Thread(target=_serve, args=(listener.accept()[0], context), daemon=True).start()


def _serve(plain: socket.socket, context: ssl.SSLContext) -> None:
    plain.settimeout(20)
    with contextlib.suppress(OSError, h2.exceptions.ProtocolError), plain:
        first = plain.recv(1, socket.MSG_PEEK)
        with context.wrap_socket(plain, server_side=True) if first == b"\x16" else plain as connection:
            chosen = connection.selected_alpn_protocol() if isinstance(connection, ssl.SSLSocket) else None
            (_http2 if chosen == "h2" else _http1)(connection)


def _http1(connection: socket.socket) -> None:
    received = b""
    while data := connection.recv(65536):
        received += data
        head, end, body = received.partition(b"\r\n\r\n")
        length = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
        # To the end: what is unread when a socket is closed resets it, and the answer may be lost with it.
        if not end or len(body) < int(length[1] if length else 0):
            continue
        if b"upgrade: websocket" in received.lower():
            return _websocket(connection, received)
        lines = [f"HTTP/1.1 200 {token('reason')}", *(f"{name}: {value}" for name, value in HEADERS)]
        lines += ["Transfer-Encoding: chunked", "Connection: close", "", ""]
        chunk = b"%x;%s\r\n%s\r\n" % (len(BODY), token("chunk-extension").encode(), BODY)
        connection.sendall("\r\n".join(lines).encode() + chunk + b"0\r\n\r\n")
        return None
    return None


def _http2(connection: socket.socket) -> None:
    peer = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
    peer.initiate_connection()
    connection.sendall(peer.data_to_send())
    while data := connection.recv(65536):
        for event in peer.receive_data(data):
            if isinstance(event, h2.events.StreamEnded):
                peer.send_headers(event.stream_id, [(":status", "200"), *HEADERS])
                peer.send_data(event.stream_id, BODY)
                peer.send_headers(event.stream_id, [("x-last", secret("answer-trailer-2"))], end_stream=True)
        connection.sendall(peer.data_to_send())


def _websocket(connection: socket.socket, received: bytes) -> None:
    peer = wsproto.WSConnection(wsproto.ConnectionType.SERVER)
    while received:
        peer.receive_data(received)
        for event in peer.events():
            if isinstance(event, ws.Request):
                extra = [(b"x-told", secret("websocket-header").encode())]
                accept = ws.AcceptConnection(subprotocol=token("subprotocol"), extra_headers=extra)
                connection.sendall(peer.send(accept))
                connection.sendall(peer.send(ws.TextMessage(data=secret("websocket-answer"))))
                connection.sendall(peer.send(ws.BytesMessage(data=secret("websocket-bytes-answer").encode())))
            elif isinstance(event, ws.CloseConnection):
                connection.sendall(peer.send(ws.CloseConnection(code=1000, reason=token("close-answer"))))
                return
        received = connection.recv(65536)
