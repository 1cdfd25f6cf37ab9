"""A proxy of a few lines that shows its clients one certificate: CONNECT, then TLS as the addon would serve it."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from mitmproxy.net import tls as net_tls
from OpenSSL import SSL

from pinprobe.mitm.served.contexts import new_context
from pinprobe.mitm.served.keyless import NO_KEY_TRANSPORT, KeylessConnection
from pinprobe.mitm.served.leaf import Leaf
from pinprobe.mitm.tap import Tap, TappedConnection

CIPHERS = ("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "AES128-GCM-SHA256")
"""The last one signs nothing: with it, a client would never come to judge a bogus signature."""


@dataclass(slots=True, kw_only=True)
class Seen:
    """What one connection came to."""

    alerts: list[int] = field(default_factory=list)
    alerts_sent: list[int] = field(default_factory=list)
    established: bool = False
    decrypted: bytes = b""
    counted: int = 0

    def alert_received(self, level: int, description: int, *, after_established: bool) -> None:
        self.alerts.append(description)

    def alert_sent(self, description: int) -> None:
        self.alerts_sent.append(description)

    def certificate_sent(self) -> None:
        pass

    def application_data(self, protocol: str, *, preface_only: bool) -> None:
        pass


@dataclass(slots=True, kw_only=True)
class ShowingProxy:
    address: str
    seen: list[Seen]


def context_for(leaf: Leaf, ciphers: tuple[str, ...] = CIPHERS) -> SSL.Context:
    version = net_tls.Version
    arguments: dict[str, Any] = {
        "method": net_tls.Method.TLS_SERVER_METHOD,
        "min_version": version.TLS1_2,
        "max_version": version.UNBOUNDED,
        "cipher_list": (*ciphers, NO_KEY_TRANSPORT) if leaf.keyless else ciphers,
        "ecdh_curve": None,
        "chain_file": None,
        "request_client_cert": False,
        "alpn_select_callback": None,
        "extra_chain_certs": (),
        "dhparams": None,
    }
    return new_context(arguments, leaf, leaf.chain)


@contextlib.contextmanager
def showing(leaf: Leaf, ciphers: tuple[str, ...] = CIPHERS) -> Iterator[ShowingProxy]:
    """Every connection inside is shown this leaf."""
    context = context_for(leaf, ciphers)
    listener = socket.create_server(("127.0.0.1", 0))
    proxy = ShowingProxy(address=f"127.0.0.1:{listener.getsockname()[1]}", seen=[])

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                seen = Seen()
                proxy.seen.append(seen)
                with client:
                    _talk(client, leaf, context, seen)

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        # Closing alone does not wake a thread that waits in accept().
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)


def guard(call: Callable[..., Any], *arguments: Any, **named: Any) -> None:
    call(*arguments, **named)


def _talk(client: socket.socket, leaf: Leaf, context: SSL.Context, seen: Seen) -> None:
    client.settimeout(5)
    request = b""
    while not request.endswith(b"\r\n\r\n"):
        if not (more := client.recv(1)):
            return
        request += more
    client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
    kind = KeylessConnection if leaf.keyless else TappedConnection
    connection = kind(context)
    connection.tap = Tap(seen, leaf.der_bytes, guard)
    connection.set_accept_state()
    with contextlib.suppress(OSError, SSL.Error):
        _serve(client, connection, seen)
    seen.established, seen.counted = connection.tap.established, connection.tap.client_bytes
    with contextlib.suppress(OSError):
        client.shutdown(socket.SHUT_WR)
        while client.recv(4096):
            pass


def _serve(client: socket.socket, connection: TappedConnection, seen: Seen) -> None:
    established = False
    while True:
        try:
            if not established:
                connection.do_handshake()
                established = True
            seen.decrypted += connection.recv(4096)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        except SSL.WantReadError:
            _flush(client, connection)
            if not (data := client.recv(4096)):
                return
            connection.bio_write(data)
        except SSL.Error:
            _flush(client, connection)
            raise


def _flush(client: socket.socket, connection: TappedConnection) -> None:
    with contextlib.suppress(SSL.WantReadError):
        while True:
            client.sendall(connection.bio_read(65536))
