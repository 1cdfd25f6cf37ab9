"""The process behind `Origins`: reads its listeners as JSON, says their ports, serves until stdin ends.

Threads and blocking sockets: OpenSSL works outside Python's lock, and a thread that meets a reset
just ends.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from cryptography import x509

from standin.origin_talk import TALKS

HANDSHAKE_S = 20.0
IDLE_S = 600.0
"""As mitmproxy's own: a benchmark lets a connection wait while others have their turn."""


class Log:
    """One JSON line per event, or nothing at all where no file was asked for."""

    def __init__(self, path: str | None) -> None:
        self._file = open(path, "a", encoding="utf-8") if path else None
        self._lock = threading.Lock()

    def write(self, **fields: object) -> None:
        if self._file:
            with self._lock:
                self._file.write(json.dumps({"at_s": time.time(), **fields}) + "\n")
                self._file.flush()


class CountingSocket(ssl.SSLSocket):
    """Knows how much it was sent inside TLS."""

    received = 0

    def recv(self, buflen: int = 1024, flags: int = 0) -> bytes:
        data = super().recv(buflen, flags)
        self.received += len(data)
        return data


def main() -> None:
    spec = json.loads(sys.stdin.readline())
    log = Log(spec["log"])
    held: list[socket.socket] = []
    ports: dict[str, int] = {}
    for origin in spec["origins"]:
        listener = socket.create_server(
            (origin["bind"], 0),
            family=socket.AF_INET6 if ":" in origin["bind"] else socket.AF_INET,
            backlog=256,
        )
        ports[origin["name"]] = listener.getsockname()[1]
        if origin["down"]:
            ports[origin["name"]] = _hold_closed_port(listener, held)
            continue
        threading.Thread(target=_serve, args=(listener, origin, log), daemon=True).start()
    print(json.dumps(ports), flush=True)
    sys.stdin.read()


def _hold_closed_port(listener: socket.socket, held: list[socket.socket]) -> int:
    """Bound but not listening: nobody else gets the port, and who connects is refused."""
    listener.close()
    holder = socket.socket()
    holder.bind(("127.0.0.1", 0))
    held.append(holder)
    port: int = holder.getsockname()[1]
    return port


def _serve(listener: socket.socket, origin: dict[str, Any], log: Log) -> None:
    context = _tls_context(origin)
    numbers = itertools.count(1)
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            continue  # the client reset it while it waited in the queue
        threading.Thread(
            target=_handle,
            args=(connection, context, origin, next(numbers), log),
            daemon=True,
        ).start()


def _handle(
    connection: socket.socket,
    context: ssl.SSLContext | None,
    origin: dict[str, Any],
    number: int,
    log: Log,
) -> None:
    log.write(event="open", origin=origin["name"], number=number)
    with contextlib.suppress(OSError):  # ssl.SSLError is one; all of them mean: the peer is gone
        connection.settimeout(HANDSHAKE_S)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        time.sleep(origin["delay_s"])
        protocol = None
        if context:
            connection = context.wrap_socket(connection, server_side=True)
            protocol = connection.selected_alpn_protocol()
        connection.settimeout(IDLE_S)

        def note(request: Mapping[str, object]) -> None:
            log.write(event="request", origin=origin["name"], number=number, **request)

        TALKS[origin["talk"]](connection, protocol, note)
    with contextlib.suppress(OSError):
        connection.close()
    received = connection.received if isinstance(connection, CountingSocket) else 0
    log.write(event="close", origin=origin["name"], number=number, received=received)


def _tls_context(origin: dict[str, Any]) -> ssl.SSLContext | None:
    if not origin["identities"]:
        return None
    contexts = [_context_of(origin, *files) for files in origin["identities"]]
    contexts[0].sni_callback = _chooser(origin, contexts)
    return contexts[0]


def _context_of(origin: dict[str, Any], chain: str, key: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.sslsocket_class = CountingSocket
    context.load_cert_chain(chain, key)
    if origin["alpn"]:
        context.set_alpn_protocols(origin["alpn"])
    if origin["tls"] == "1.2":
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    if origin["tls"] == "1.3":
        context.minimum_version = ssl.TLSVersion.TLSv1_3
    if origin["client_ca"]:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(origin["client_ca"])
    return context


def _chooser(
    origin: dict[str, Any], contexts: list[ssl.SSLContext]
) -> Callable[[ssl.SSLObject, str, ssl.SSLContext], None]:
    """SNI to context, by the names in the certificates."""
    by_name: dict[str, ssl.SSLContext] = {}
    for (chain, _), context in zip(origin["identities"], contexts, strict=True):
        with open(chain, "rb") as file:
            leaf = x509.load_pem_x509_certificates(file.read())[0]
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        for name in names.get_values_for_type(x509.DNSName):
            by_name.setdefault(name, context)

    def choose(connection: ssl.SSLObject, sni: str | None, _: ssl.SSLContext) -> None:
        if sni and (context := by_name.get(sni.lower())):
            connection.context = context

    return choose


if __name__ == "__main__":
    main()
