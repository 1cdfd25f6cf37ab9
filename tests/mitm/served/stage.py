"""mitmproxy's own configuration without a proxy around it, and a client in memory."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from cryptography import x509
from mitmproxy import certs, connection, tls
from mitmproxy.addons import proxyserver, tlsconfig
from mitmproxy.proxy import context
from mitmproxy.test import taddons
from OpenSSL import SSL
from tests.certificates import HOST, bench
from tests.mitm.served.proxy import Seen, guard

from pinprobe.mitm.tap import Tap, TappedConnection


@contextlib.contextmanager
def configured(confdir: Path | None = None, **options: Any) -> Iterator[Any]:
    """Inside, mitmproxy's `ctx` is there, with a CA of its own, made once for all tests."""
    config = tlsconfig.TlsConfig()
    with taddons.context(proxyserver.Proxyserver(), config) as running:
        try:
            running.configure(config, confdir=str(confdir or bench().folder / "confdir"), **options)
            config.running()
            yield running
        finally:
            running.master.event_loop.close()  # mitmproxy 11 leaves it open


def start_of(running: Any, upstream: Sequence[x509.Certificate] = (), tls_version: Any = None) -> tls.TlsData:
    """What the hook `tls_start_client` is handed."""
    client = connection.Client(
        peername=("192.0.2.1", 40000), sockname=("192.0.2.2", 8080), timestamp_start=0.0, sni=HOST
    )
    where = context.Context(client, running.options)
    where.server.address = (HOST, 443)
    where.server.certificate_list = [certs.Cert(one) for one in upstream]
    where.server.tls_version = tls_version
    return tls.TlsData(where.client, context=where)


def tapped(served: TappedConnection) -> TappedConnection:
    served.tap = Tap(Seen(), 1, guard)
    return served


def chain_shown(served: TappedConnection) -> list[x509.Certificate]:
    """What a client that verifies nothing is sent. Raises SSL.Error where the handshake fails."""
    settings = SSL.Context(SSL.TLS_CLIENT_METHOD)
    settings.set_cipher_list(b"DEFAULT@SECLEVEL=0")
    client = SSL.Connection(settings, None)
    client.set_connect_state()
    client.set_tlsext_host_name(HOST.encode())
    handshake(client, tapped(served))
    return list(client.get_peer_cert_chain(as_cryptography=True) or [])


def handshake(client: SSL.Connection, server: SSL.Connection) -> None:
    """Everything that either of them has to say."""
    for _ in range(4):
        for side in (client, server):
            with contextlib.suppress(SSL.WantReadError):
                side.do_handshake()
        for one, other in ((client, server), (server, client)):
            with contextlib.suppress(SSL.WantReadError):
                other.bio_write(one.bio_read(65536))
