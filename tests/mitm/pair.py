"""Two ends of TLS in memory: theirs of Python's ssl, ours of the class to try."""

from __future__ import annotations

import contextlib
import ssl
from typing import Any

import pytest
from OpenSSL import SSL
from tests.certificates import HOST, bench

IDENTITY = bench().pki.leaf([HOST])


def serving() -> SSL.Context:
    """A server's settings."""
    served = SSL.Context(SSL.TLS_SERVER_METHOD)
    served.use_certificate_chain_file(str(IDENTITY.chain_path))
    served.use_privatekey_file(str(IDENTITY.key_path))
    return served


def flushed(ours: Any, at_once: int = 65535) -> bytes:
    """All that our end has to send."""
    found = b""
    with contextlib.suppress(SSL.WantReadError):
        while True:
            found += ours.bio_read(at_once)
    return found


def refuse(ours: Any, theirs: ssl.SSLObject, to_them: ssl.MemoryBIO) -> None:
    """A record of ours is damaged on its way, and their end has an alert to send: bad_record_mac."""
    ours.sendall(b"damaged on its way")
    record = bytearray(flushed(ours))
    record[-1] ^= 0xFF
    to_them.write(bytes(record))
    with pytest.raises(ssl.SSLError):
        theirs.read()


class Pair:
    """Their end, of Python's, and ours, of the class to try: the server, as towards an app, or the client."""

    def __init__(
        self, kind: type[SSL.Connection], version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3, *, as_client: bool = False
    ) -> None:
        self.to_them, self.from_them = ssl.MemoryBIO(), ssl.MemoryBIO()
        if as_client:
            self.ours: Any = kind(SSL.Context(SSL.TLS_CLIENT_METHOD))
            self.ours.set_connect_state()
            answering = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            answering.maximum_version = version
            answering.load_cert_chain(IDENTITY.chain_path, IDENTITY.key_path)
            self.theirs = answering.wrap_bio(self.to_them, self.from_them, server_side=True)
        else:
            self.ours = kind(serving())
            self.ours.set_accept_state()
            asking = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            asking.maximum_version = version
            asking.load_verify_locations(bench().pki.root.chain_path)
            self.theirs = asking.wrap_bio(self.to_them, self.from_them, server_hostname=HOST)
        for _ in range(4):
            with contextlib.suppress(ssl.SSLWantReadError):
                self.theirs.do_handshake()
            self.to_us()
            with contextlib.suppress(SSL.WantReadError):
                self.ours.do_handshake()
            self.to_them.write(self.sent())

    def to_us(self) -> None:
        if data := self.from_them.read():
            self.ours.bio_write(data)

    def sent(self, at_once: int = 65535) -> bytes:
        return flushed(self.ours, at_once)

    def received(self, at_once: int = 65535) -> list[bytes]:
        """As mitmproxy reads: until there is no more."""
        found = []
        with contextlib.suppress(SSL.WantReadError):
            while True:
                found.append(self.ours.recv(at_once))
        return found


def outcome(ours: Any, method: str, argument: object) -> object:
    """What it returns, or what it raises."""
    try:
        return getattr(ours, method)(argument)
    except (SSL.Error, TypeError) as error:
        return type(error), error.args
