"""The process behind `python_ssl`: attempts one after the other, one JSON line each."""

from __future__ import annotations

import contextlib
import socket
import ssl
import sys
import time
from collections.abc import Callable

from cryptography import x509

from standin.clients import python_ssl_odd
from standin.clients.base import Job, say
from standin.clients.http_get import get
from standin.clients.tunnel import open_tunnel
from standin.pki import pin_sha256


class PinMismatch(Exception):
    """The chain was fine; the key was not the expected one."""


class Client:
    def __init__(self, job: Job) -> None:
        self.job = job
        self.context = make_context(job)
        self.session: ssl.SSLSession | None = None
        self.number = 0
        self.stage = "proxy"

    def attempt(self) -> None:
        """One line is printed, whatever happens."""
        self.stage = "proxy"
        self.number += 1
        try:
            ODD.get(self.job.technique, Client.ask)(self)
        except ssl.SSLCertVerificationError as error:
            say("refused", "handshake", error.verify_message)
        except PinMismatch as error:
            if self.job.technique == "fallback":
                answer = python_ssl_odd.ask_in_cleartext(self.job)
                say("refused", "check", error, fallback=answer.status)
            else:
                say("refused", "check", error)
        except OSError as error:
            say("failed", self.stage, f"{type(error).__name__}: {error}")

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
        der = connection.getpeercert(binary_form=True)
        if der is None or pin_sha256(x509.load_der_x509_certificate(der)) != self.job.pin:
            raise PinMismatch("the leaf's key is not the pinned one")

    def pins_now(self) -> bool:
        match self.job.technique:
            case "relents":
                return self.number <= self.job.times
            case "hardens":
                return self.number > self.job.times
            case technique:
                return technique in {"pin", "fallback"}

    @property
    def host(self) -> str:
        """With several hosts, each attempt goes to the next one."""
        hosts = [self.job.host, *filter(None, self.job.hosts.split(","))]
        return hosts[(self.number - 1) % len(hosts)]

    def ask(self) -> None:
        with self.connect(self.host) as connection:
            if self.pins_now():
                self.check(connection)
            self.stage = "request"
            protocol = connection.selected_alpn_protocol()
            # A client that names a host in SNI asks for that host, wherever it connects to.
            authority = self.job.sni if self.job.sni not in {"", "-"} else self.host
            answer = get(connection, authority, self.job.path, protocol)
            der = connection.getpeercert(binary_form=True) or b""
            leaf = pin_sha256(x509.load_der_x509_certificate(der)) if der else ""
            if self.job.technique == "leaks":
                self.check(connection)
            say(
                "response",
                "response",
                f"HTTP {answer.status}",
                status=answer.status,
                body_sha256=answer.sha256,
                leaf_pin=leaf,
                tls=connection.version(),
                alpn=protocol,
            )

    def idle(self) -> None:
        with self.connect(self.job.host) as connection:
            self.stage = "idle"
            time.sleep(self.job.hold_s)
            # Without close_notify, as a pool throws a spare socket away.
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        say("failed", "idle", "closed without a request, as planned")

    def resume(self) -> None:
        """Each attempt offers the session of the last one, wherever that was."""
        with self.connect(self.host) as connection:
            self.stage = "request"
            answer = get(connection, self.host, self.job.path, connection.selected_alpn_protocol())
            self.session = connection.session
            say(
                "response",
                "response",
                f"HTTP {answer.status}",
                host=self.host,
                resumed=connection.session_reused,
            )


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


ODD: dict[str, Callable[[Client], None]] = {
    "idle": Client.idle,
    "resume": Client.resume,
    "cleartext": python_ssl_odd.cleartext,
    "raw": python_ssl_odd.raw,
    "greeting": python_ssl_odd.greeting,
    "tcp": python_ssl_odd.tcp,
    "torn-hello": python_ssl_odd.torn_hello,
    "websocket": python_ssl_odd.websocket,
    "coalesce": python_ssl_odd.coalesce,
}


def main() -> None:
    job = Job.parse(sys.argv[1:])
    client = Client(job)
    for number in range(job.attempts):
        if number:
            time.sleep(job.pause_s)
        client.attempt()


if __name__ == "__main__":
    main()
