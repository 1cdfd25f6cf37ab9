"""A client that puts secrets into every place of the protocols that it speaks, byte by byte where libraries refuse to."""

# h2 4.1, which mitmproxy 11 brings, has no types yet.
# mypy: disable-error-code="import-untyped"

from __future__ import annotations

import base64
import gzip
import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

import h2.config
import h2.connection
import h2.events
import wsproto
import wsproto.events as ws
from tests.live.canary import secret, token
from tests.live.canary_origin import NAME

REPORT = {"known-pins": [secret("known-pin")], "hostname": NAME, "port": 443, "date-time": "", "noted-hostname": NAME}
BOUNDARY = token("boundary")
BODIES: dict[str, bytes] = {
    "application/json": json.dumps({**REPORT, "note": secret("json")}).encode(),
    "application/x-www-form-urlencoded": f"user={quote(secret('form'), safe='')}".encode(),
    f"multipart/form-data; boundary={BOUNDARY}": (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{token("field")}"; filename="{token("file-name")}"\r\n\r\n'
        f"{secret('multipart')}\r\n--{BOUNDARY}--\r\n"
    ).encode(),
    "text/plain": gzip.compress(secret("gzip").encode()),
    f"application/{token('media-type')}": secret("bytes").encode("utf-16"),
}


def _basic(place: str) -> str:
    return base64.b64encode(f"{secret(f'{place}-user')}:{secret(f'{place}-password')}".encode()).decode()


HEADERS = {
    "Authorization": f"Basic {_basic('origin')}",
    "Cookie": f"session={secret('cookie')}",
    "User-Agent": secret("user-agent"),
    "Referer": f"https://x.test/{secret('referer')}",
    "Origin": f"https://{token('origin')}.test",
    "X-Forwarded-For": token("forwarded"),
    "Range": f"bytes={token('range')}",
    token("header-name"): secret("header"),
}


class Client:
    """Talks through one proxy."""

    def __init__(self, proxy: tuple[str, int], trust: str) -> None:
        self.proxy = proxy
        self.context = ssl.create_default_context(cafile=trust)

    @contextmanager
    def tunnel(self, authority: str = f"{NAME}:443") -> Iterator[socket.socket]:
        """A CONNECT, with what a client may say there."""
        with socket.create_connection(self.proxy, timeout=10) as plain:
            lines = [f"CONNECT {authority} HTTP/1.1", f"Host: {authority}"]
            lines += [f"Proxy-Authorization: Basic {_basic('proxy')}", f"User-Agent: {secret('connect-agent')}"]
            lines += [f"{token('connect-name')}: {secret('connect-header')}", "", ""]
            plain.sendall("\r\n".join(lines).encode())
            answer = b""
            while b"\r\n\r\n" not in answer:
                answer += plain.recv(4096) or b"\r\n\r\n"
            yield plain

    @contextmanager
    def tls(self, *alpn: str, authority: str = f"{NAME}:443") -> Iterator[ssl.SSLSocket]:
        with self.tunnel(authority) as plain:
            self.context.set_alpn_protocols(list(alpn) or ["http/1.1"])
            with self.context.wrap_socket(plain, server_hostname=NAME) as connection:
                yield connection

    def request(self, method: str, target: str, body: bytes = b"", *, to: socket.socket, **headers: str) -> bytes:
        """HTTP/1.1, and all that the answer was."""
        told = {"Host": NAME, **HEADERS, **headers, "Content-Length": str(len(body)), "Connection": "close"}
        lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items()), "", ""]
        to.sendall("\r\n".join(lines).encode() + body)
        return _all_of(to)

    def websocket(self) -> list[str]:
        """Messages both ways; the kinds of what came back."""
        with self.tls() as connection:
            peer = wsproto.WSConnection(wsproto.ConnectionType.CLIENT)
            asked = ws.Request(host=NAME, target=f"/{secret('websocket-path')}", subprotocols=[token("subprotocol")])
            connection.sendall(peer.send(asked))
            came: list[str] = []
            while "BytesMessage" not in came and (data := connection.recv(65536)):
                peer.receive_data(data)
                came += [type(event).__name__ for event in peer.events()]
            for message in (
                ws.TextMessage(data=secret("websocket-text")),
                ws.BytesMessage(data=secret("websocket-bytes").encode()),
                ws.Ping(payload=token("websocket-ping").encode()),
                ws.CloseConnection(code=1000, reason=token("websocket-close")),
            ):
                connection.sendall(peer.send(message))
            _all_of(connection)
            return came

    def http2(self) -> bool:
        """Pseudo headers, headers, body and trailers; whether it was answered to the end."""
        with self.tls("h2") as connection:
            peer = h2.connection.H2Connection(h2.config.H2Configuration(validate_outbound_headers=False))
            peer.initiate_connection()
            pseudo = {":method": token("METHOD-2"), ":scheme": "https", ":authority": NAME}
            headers = [*pseudo.items(), (":path", f"/{secret('path-2')}?{secret('query-2')}")]
            headers += [(name.lower(), value) for name, value in HEADERS.items()]
            peer.send_headers(1, headers)
            peer.send_data(1, secret("body-2").encode())
            peer.send_headers(1, [("x-last", secret("trailer-2"))], end_stream=True)
            connection.sendall(peer.data_to_send())
            while data := connection.recv(65536):
                for event in peer.receive_data(data):
                    if isinstance(event, h2.events.StreamEnded | h2.events.StreamReset):
                        return isinstance(event, h2.events.StreamEnded)
                connection.sendall(peer.data_to_send())
            return False

    def hello_with(self, mark: str) -> bytes:
        """A ClientHello whose random, session id, key, ticket and PSK are text; the handshake comes to nothing."""
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        made = ssl.create_default_context().wrap_bio(incoming, outgoing, server_hostname=NAME)
        try:
            made.do_handshake()
        except ssl.SSLWantReadError:
            pass
        hello = bytearray(outgoing.read())
        text = mark.encode().ljust(32, b".")[:32]
        hello[11:43] = hello[44:76] = hello[-32:] = text  # RFC 8446, section 4.1.2; a key share is the last extension
        ticket = token("ticket").encode()
        identity = _counted(token("psk").encode()) + bytes(4)
        binder = b"\x20" + token("binder").encode().ljust(32, b".")[:32]
        for kind, data in (
            (35, ticket),
            (41, _counted(identity) + _counted(binder)),
        ):  # RFC 5077, RFC 8446 section 4.2.11
            _append(hello, kind.to_bytes(2) + _counted(data))
        return bytes(hello)


def _counted(data: bytes) -> bytes:
    return len(data).to_bytes(2) + data


def _append(hello: bytearray, extension: bytes) -> None:
    """To the extensions, which come last; three lengths are told before them."""
    # After the record's and the message's headers: version, random, session id, cipher suites, compression methods.
    at = 9 + 2 + 32 + 1 + 32
    at += 2 + int.from_bytes(hello[at : at + 2])
    at += 1 + hello[at]
    hello += extension
    for start, size in ((3, 2), (6, 3), (at, 2)):
        hello[start : start + size] = (int.from_bytes(hello[start : start + size]) + len(extension)).to_bytes(size)


def _all_of(connection: socket.socket) -> bytes:
    received = b""
    try:
        while data := connection.recv(65536):
            received += data
    except (OSError, ssl.SSLError):
        pass
    return received
