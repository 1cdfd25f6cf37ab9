"""The addon without a proxy around it: hooks are called as mitmproxy would, with its own objects and real TLS bytes."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from unittest import mock

from mitmproxy import certs, connection, dns, http, tls
from mitmproxy.addons import onboarding
from mitmproxy.proxy import context, events, layer, server_hooks
from mitmproxy.proxy.layers.tls import parse_client_hello
from mitmproxy.test import tflow
from OpenSSL import SSL
from tests.certificates import bench
from tests.mitm.served.stage import configured

from pinprobe import events as ev
from pinprobe.journal import JournalReader
from pinprobe.mitm import Pinprobe
from pinprobe.mitm.session import Session

HOST = "api.example.com"
GENUINE = bench().material.genuine
LOAD_KEY = cache(certs.load_pem_private_key)
"""mitmproxy's own, which checks an RSA key for a tenth of a second: once is enough."""
PREPARED = mock.Mock(name="what a session makes ahead of its first handshake; it is made when needed")
Kind = TypeVar("Kind", bound=ev.Event)


def client_hello(host: str | None = HOST, alpn: tuple[str, ...] = ()) -> bytes:
    """What Python's ssl sends first; without a host it sends no SNI."""
    settings = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    settings.check_hostname = False
    if alpn:
        settings.set_alpn_protocols(list(alpn))
    outgoing = ssl.MemoryBIO()
    client = settings.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname=host)
    with contextlib.suppress(ssl.SSLWantReadError):
        client.do_handshake()
    return outgoing.read()


@dataclass
class Visit:
    """One client connection, and the hooks that mitmproxy would call for it."""

    stage: Stage
    context: context.Context
    data: tls.TlsData | None = None

    @property
    def client(self) -> connection.Client:
        return self.context.client

    @property
    def addon(self) -> Pinprobe:
        return self.stage.addon

    def says(self, data: bytes) -> layer.NextLayer:
        """The first bytes of a new layer."""
        chosen = layer.NextLayer(self.context)
        chosen.events.append(events.DataReceived(self.client, data))
        self.addon.next_layer(chosen)
        return chosen

    def hello(self, host: str | None = HOST, **how: Any) -> layer.NextLayer:
        """A whole ClientHello, and mitmproxy's next hook where we leave the connection to it."""
        data = client_hello(host, **how)
        chosen = self.says(data)
        if chosen.layer is None:
            hello = parse_client_hello(data)
            assert hello is not None
            self.client.sni = hello.sni
            self.addon.tls_clienthello(tls.ClientHelloData(context=self.context, client_hello=hello))
        return chosen

    def server_answers(self) -> None:
        """The real server's handshake is complete."""
        server = self.context.server
        server.certificate_list = [certs.Cert(one) for one in GENUINE]
        server.tls_version, server.alpn = "TLSv1.3", b"h2"
        self.addon.tls_established_server(tls.TlsData(server, context=self.context))

    def start(self) -> tls.TlsData:
        """Our certificate is served."""
        self.data = tls.TlsData(self.client, context=self.context)
        self.addon.tls_start_client(self.data)
        return self.data

    def established(self) -> None:
        assert self.data is not None
        self.client.tls_version, self.client.cipher = "TLSv1.3", "TLS_AES_128_GCM_SHA256"
        self.client.timestamp_tls_setup = 1.0
        self.addon.tls_established_client(self.data)

    def failed(self, error: str = "") -> None:
        self.client.error = error
        self.addon.tls_failed_client(self.data or tls.TlsData(self.client, context=self.context))

    def flow(
        self,
        host: str = HOST,
        scheme: bytes = b"https",
        path: str = "/",
        *,
        method: str = "GET",
        body: bytes = b"",
        content_type: str = "",
    ) -> http.HTTPFlow:
        """A live flow of this connection."""
        flow = tflow.tflow(client_conn=self.client, server_conn=self.context.server)
        flow.request.scheme, flow.request.host, flow.request.path = scheme.decode(), host, path
        flow.request.method, flow.request.raw_content = method, body
        flow.request.headers["host"] = host
        if content_type:
            flow.request.headers["content-type"] = content_type
        flow.request.port = 443 if scheme == b"https" else 80
        flow.live = True
        return flow

    def request(self, *where: Any, **how: Any) -> http.HTTPFlow:
        """A request: its head, then the whole of it."""
        flow = self.flow(*where, **how)
        self.addon.requestheaders(flow)
        self.addon.request(flow)
        return flow

    def answered(self, status: int = 200, *where: Any, headers: dict[str, str] | None = None) -> None:
        """The head of the real server's answer."""
        flow = self.flow(*where)
        flow.response = http.Response.make(status, b"", headers or {})
        self.addon.responseheaders(flow)

    def brings(self, body: bytes, *where: Any, content_type: str = "application/json", encoding: str = "") -> None:
        """The real server's answer: its head, then the whole of it."""
        flow = self.flow(*where)
        headers = {"content-type": content_type} | ({"content-encoding": encoding} if encoding else {})
        flow.response = http.Response.make(200, b"", headers)
        self.addon.responseheaders(flow)
        flow.response.raw_content = body
        self.addon.response(flow)

    def asks(self, host: str, kind: int = 1) -> None:
        """A name lookup of this client, of this type of record."""
        question = dns.Question(name=host, type=kind, class_=1)
        flow = tflow.tdnsflow(client_conn=self.client)
        flow.request.questions = [question]
        flow.live = True
        self.addon.dns_request(flow)

    def server_disconnected(self) -> None:
        self.addon.server_disconnected(server_hooks.ServerConnectionHookData(self.context.server, self.client))

    def closed(self) -> None:
        self.addon.client_disconnected(self.client)

    def decrypted(self, data: bytes) -> None:
        """The tap sees decrypted bytes of the client."""
        watch = self.addon._watches[self.client.id]
        assert watch.tap is not None
        watch.tap.received(data)


@dataclass
class Stage:
    """A running session."""

    running: Any
    addon: Pinprobe
    reports: Path
    runner: asyncio.Runner
    visits: list[Visit] = field(default_factory=list)

    def begin(self) -> None:
        """The hook `running`."""

        async def call() -> None:
            self.addon.running()

        self.runner.run(call())

    def connects_first(self) -> Visit:
        """A client connects before that hook; mitmproxy's loop runs already."""

        async def call() -> Visit:
            return self.visit()

        return self.runner.run(call())

    def let_it_run(self, seconds: float = 0.0) -> None:
        """Give the addon's tasks and its words their turn."""
        self.runner.run(asyncio.sleep(seconds))

    def visit(
        self, host: str = HOST, port: int = 443, *, peer: str = "192.0.2.1", transport: str = "tcp", told: bool = True
    ) -> Visit:
        """A client connects to a host."""
        client = connection.Client(
            peername=(peer, 40000),
            sockname=("192.0.2.2", 8080),
            timestamp_start=0.0,
            transport_protocol=transport,  # type: ignore[arg-type]
        )
        client.state = connection.ConnectionState.OPEN
        where = context.Context(client, self.running.options)
        where.server.address = (host, port)
        made = Visit(self, where)
        if told:
            self.addon.client_connected(client)
        self.visits.append(made)
        return made

    def end(self) -> list[ev.Event]:
        """The hook `done`; returns the journal."""
        self.addon.done()
        self.let_it_run()
        return self.journal()

    def journal(self) -> list[ev.Event]:
        """The one journal that there is."""
        (path,) = self.reports.glob("*/*/journal.jsonl")
        return list(JournalReader(path))


def of(kind: type[Kind], journal: list[ev.Event]) -> list[Kind]:
    """The events of one kind."""
    return [event for event in journal if isinstance(event, kind)]


@contextlib.contextmanager
def stage(folder: Path, *, begun: bool = True, **options: Any) -> Iterator[Stage]:
    """Inside, a proxy has begun with these options, given without their prefix."""
    quick = mock.patch.object(certs, "load_pem_private_key", LOAD_KEY), mock.patch.object(Session, "_prepare", PREPARED)
    with quick[0], quick[1], configured() as running:
        addon = Pinprobe()
        running.master.addons.add(onboarding.Onboarding(), addon)
        named = {f"pinprobe_{name}": value for name, value in options.items()}
        running.configure(addon, **{"pinprobe_app": "com.example.app", "pinprobe_reports": str(folder)} | named)
        with asyncio.Runner() as runner:
            made = Stage(running, addon, folder, runner)
            if begun:
                made.begin()
            yield made
            addon.done()


def other_connection() -> SSL.Connection:
    """What another script might put in the place of ours."""
    return SSL.Connection(SSL.Context(SSL.TLS_METHOD), None)
