"""A TLS connection to a client that tells what OpenSSL saw: alerts, bytes, and whether our certificate left.

mitmproxy has no hook for any of these, and its error texts hide the alert's number in several cases (measured).
"""

import re
from collections.abc import Callable
from typing import Any, NoReturn, Protocol

from OpenSSL import SSL

from pinprobe.mitm.direct import DirectConnection

READ_ALERT, WRITE_ALERT, HANDSHAKE_DONE, ALERT = 0x4004, 0x4008, 0x20, 0x4000
"""SSL_CB_READ_ALERT, SSL_CB_WRITE_ALERT, SSL_CB_HANDSHAKE_DONE, SSL_CB_ALERT of OpenSSL's info callback."""

H2_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
"""RFC 9113, section 3.4."""
_HTTP1 = re.compile(rb"[A-Z]{2,20} ")


class Listener(Protocol):
    """Who is told."""

    def alert_received(self, level: int, description: int, *, after_established: bool) -> None:
        """An alert of the client."""

    def alert_sent(self, description: int) -> None:
        """A fatal alert of our own."""

    def certificate_sent(self) -> None:
        """Our flight with the certificate left."""

    def application_data(self, protocol: str, *, preface_only: bool) -> None:
        """The client's first application bytes."""


class Tap:
    """What is counted on one connection. Every method survives its own errors: TLS must not suffer from it."""

    def __init__(self, listener: Listener, certificate_bytes: int, guard: Callable[..., Any]) -> None:
        self._listener = listener
        self._certificate_bytes = certificate_bytes
        self._guard = guard
        self._sent_bytes = 0
        self.certificate_sent = False
        self.established = False
        self.client_bytes = 0
        self.server_bytes = 0

    def info(self, where: int, ret: int) -> None:
        """OpenSSL's info callback."""
        if where == READ_ALERT:
            self._guard(self._listener.alert_received, ret >> 8, ret & 0xFF, after_established=self.established)
        elif where == WRITE_ALERT:
            if ret >> 8 == 2:
                self._guard(self._listener.alert_sent, ret & 0xFF)
        elif where & HANDSHAKE_DONE:
            self.established = True

    def sent(self, data: bytes) -> None:
        """Encrypted bytes are about to leave."""
        if not self.certificate_sent:
            self._sent_bytes += len(data)
            # The flight cannot hold the certificate unless it is at least as long; a HelloRetryRequest is not.
            if self._sent_bytes >= self._certificate_bytes:
                self.certificate_sent = True
                self._guard(self._listener.certificate_sent)

    def received(self, data: bytes) -> None:
        """Decrypted bytes of the client."""
        if not self.client_bytes:
            protocol, preface_only = application_protocol(data)
            self._guard(self._listener.application_data, protocol, preface_only=preface_only)
        self.client_bytes += len(data)


def application_protocol(data: bytes) -> tuple[str, bool]:
    """What the first application bytes are: http/1, h2 or other; and whether they are an HTTP/2 preface alone.

    The preface and the frames that follow it unasked (SETTINGS, WINDOW_UPDATE) are sent before any request, so
    they count as data only when a request follows, which mitmproxy's own hook reports.
    """
    start = data[: len(H2_PREFACE)]
    if start == H2_PREFACE[: len(start)]:
        return "h2", True
    return ("http/1" if _HTTP1.match(data) else "other"), False


_bio_read, _recv, _sendall = DirectConnection.bio_read, DirectConnection.recv, DirectConnection.sendall
"""Looked up once: they are called for each piece of data."""


class CountingConnection(DirectConnection):
    """A connection with a tap in it, once our certificate is out: it only counts."""

    tap: Tap

    def recv(self, bufsiz: int, flags: int | None = None) -> bytes:
        """As in pyOpenSSL; counts."""
        data = _recv(self, bufsiz, flags)
        if self.tap.client_bytes:
            self.tap.client_bytes += len(data)
        else:
            self.tap.received(data)
        return data

    def recv_failed(self, result: int) -> NoReturn:
        """As in pyOpenSSL, but an error that ends the connection is reported as its end.

        Else mitmproxy logs a fatal alert after the handshake and keeps both sockets for its ten minutes of patience.
        """
        try:
            super().recv_failed(result)
        except (SSL.WantReadError, SSL.ZeroReturnError):
            raise
        except SSL.Error as error:
            raise SSL.ZeroReturnError from error

    def sendall(self, buf: Any, flags: int = 0) -> int:
        """As in pyOpenSSL; counts."""
        self.tap.server_bytes += len(buf)
        return _sendall(self, buf, flags)


class TappedConnection(CountingConnection):
    """The same from its beginning."""

    def bio_read(self, bufsiz: int) -> bytes:
        """As in pyOpenSSL; counts what leaves until the certificate is out."""
        data = _bio_read(self, bufsiz)
        self.tap.sent(data)
        if self.tap.certificate_sent and type(self) is TappedConnection:
            # mitmproxy reads several times for each piece of data: from now on without us.
            self.__class__ = CountingConnection  # type: ignore[assignment]
        return data


def info_callback(connection: SSL.Connection, where: int, ret: int) -> None:
    """For the contexts of ours: hands on to the connection's own tap."""
    # Most of its calls tell of steps inside the handshake.
    if where & (ALERT | HANDSHAKE_DONE) and isinstance(connection, CountingConnection):
        connection.tap.info(where, ret)
