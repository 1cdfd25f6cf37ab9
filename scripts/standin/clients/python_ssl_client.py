"""The Python client itself: how it connects, judges the key, and asks."""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from collections.abc import Callable

from cryptography import x509

from standin.clients.base import Attempt, Job, answered, failed, refused
from standin.clients.http_get import Ask, converse
from standin.clients.pinning import pins_at
from standin.clients.tunnel import open_tunnel
from standin.pki import pin_sha256


class PinMismatch(Exception):
    """The chain was fine; the key was not the expected one."""


class Client:
    def __init__(self, job: Job) -> None:
        self.job = job
        self.context = make_context(job)
        self.session: ssl.SSLSession | None = None
        self.number = 1
        """Of the present attempt."""
        self.stage = "proxy"
        self.over = False
        """It has come to an end, whatever attempts are left."""
        self.held: list[socket.socket] = []
        """Connections that stay open beyond their attempt."""

    @property
    def host(self) -> str:
        """With several hosts, each attempt goes to the next one."""
        hosts = [self.job.host, *filter(None, self.job.hosts.split(","))]
        return hosts[(self.number - 1) % len(hosts)]

    def attempt(self, how: Callable[[Client], Attempt]) -> Attempt:
        """One line of truth, whatever happens."""
        self.stage = "proxy"
        try:
            return how(self)
        except ssl.SSLCertVerificationError as error:
            return refused("handshake", error.verify_message)
        except PinMismatch as error:
            return refused("check", error)
        except OSError as error:
            return failed(self.stage, f"{type(error).__name__}: {error}")

    def connect(self, host: str) -> ssl.SSLSocket:
        job = self.job.but(host=host)
        self.stage = "proxy"
        tunnel = open_tunnel(job)
        self.stage = "handshake"
        name = None if job.sni == "-" else job.sni or host
        try:
            return self.context.wrap_socket(tunnel, server_hostname=name, session=self.session)
        except BaseException:
            tunnel.close()
            raise

    def check(self, connection: ssl.SSLSocket) -> None:
        self.stage = "check"
        if not self.fits(connection):
            raise PinMismatch("the leaf's key is not the pinned one")

    def fits(self, connection: ssl.SSLSocket) -> bool:
        return leaf_pin(connection) == self.job.pin

    def ask(self) -> Attempt:
        with self.connect(self.host) as connection:
            if pins_at(self.job, self.number):
                self.check(connection)
            return self.converse(connection)

    def converse(
        self,
        connection: ssl.SSLSocket,
        *,
        asks: Ask | None = None,
        then: Callable[[ssl.SSLSocket], None] | None = None,
    ) -> Attempt:
        """Ask `keep` times on this connection; `then` is what happens after the first answer."""
        self.stage = "request"
        protocol = connection.selected_alpn_protocol()
        # A client that names a host in SNI asks for that host, wherever it connects to.
        authority = self.job.sni if self.job.sni not in {"", "-"} else self.host
        asks = asks or Ask(authority, self.job.path)
        conversation = converse(connection, protocol)
        answer = conversation.ask(asks)
        if then:
            then(connection)
        self.stage = "request"
        for _ in range(self.job.keep - 1):
            answer = conversation.ask(asks)
        return answered(
            f"HTTP {answer.status}",
            status=answer.status,
            body_sha256=answer.sha256,
            leaf_pin=leaf_pin(connection),
            tls=connection.version(),
            alpn=protocol,
            requests=self.job.keep,
        )

    def release(self) -> None:
        """Close what was held, after a while."""
        if self.held:
            time.sleep(self.job.hold_s)
        for connection in self.held:
            drop(connection)
        self.held.clear()


def drop(connection: socket.socket) -> None:
    """Without close_notify, as a pool throws a spare socket away."""
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()


def leaf_pin(connection: ssl.SSLSocket) -> str:
    der = connection.getpeercert(binary_form=True)
    return pin_sha256(x509.load_der_x509_certificate(der)) if der else ""


def make_context(job: Job) -> ssl.SSLContext:
    trust = job.anchors if job.technique == "anchors" else job.trust
    context = ssl.create_default_context(cafile=str(trust))
    if job.technique == "trust-all":
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if job.sni:
        context.check_hostname = False  # with no name, or another one, there is nothing to compare
    if job.tls == "1.2":
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    if job.tls == "1.3":
        context.minimum_version = ssl.TLSVersion.TLSv1_3
    if job.alpn:
        context.set_alpn_protocols(["h2", "http/1.1"] if job.alpn == "h2" else [job.alpn])
    if job.client_chain and job.client_key:
        context.load_cert_chain(job.client_chain, job.client_key)
    return context
