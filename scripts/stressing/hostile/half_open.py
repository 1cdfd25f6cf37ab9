"""Connections that stop half way, thousands at once, from one thread."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import resource
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Sequence
from typing import Self

AT_A_TIME = 200
"""Connections opened side by side: more would overflow the listener's queue."""
DRIP_S = 0.25
"""Between the bytes of a ClientHello that comes byte by byte."""

SILENCE, CONNECT_ONLY, DRIPPED, FIRST_RECORD, SERVER_HELLO = KINDS = (
    "silent from the beginning",
    "CONNECT, then silence",
    "ClientHello byte by byte",
    "silence after the first record",
    "silence after the ServerHello",
)


def raise_files(pid: int) -> int:
    """As many open files for a process of ours (0: this one) as the system lets it have."""
    _, most = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (most, most))
    return most


@functools.cache
def client_hello(host: str) -> bytes:
    """As Python's own stack says it, the same each time."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    connection = ssl.create_default_context().wrap_bio(incoming, outgoing, server_hostname=host)
    with contextlib.suppress(ssl.SSLWantReadError):
        connection.do_handshake()
    return outgoing.read()


def in_two_records(hello: bytes) -> tuple[bytes, bytes]:
    """The same ClientHello, cut into two TLS records (RFC 8446, section 5.1 allows that)."""
    body = hello[5:]
    cut = len(body) // 2
    return _record(hello, body[:cut]), _record(hello, body[cut:])


def _record(hello: bytes, part: bytes) -> bytes:
    return hello[:3] + len(part).to_bytes(2, "big") + part


class HalfOpen:
    """Opens them, each of another kind in turn, and keeps them until it is told to let go."""

    def __init__(self, proxy: str, hosts: Sequence[str]) -> None:
        """`hosts`: for those that never finish their ClientHello, and for those that do."""
        host, port = proxy.rsplit(":", 1)
        self._address = (host, int(port))
        self._unheard, self._heard = hosts
        self.opened: Counter[str] = Counter()
        self.failed = 0
        self._writers: list[asyncio.StreamWriter] = []
        self._drips: list[asyncio.Task[None]] = []

    async def open(self, count: int) -> None:
        """So many more."""
        gate = asyncio.Semaphore(AT_A_TIME)
        await asyncio.gather(*(self._open(KINDS[number % len(KINDS)], gate) for number in range(count)))

    async def _open(self, kind: str, gate: asyncio.Semaphore) -> None:
        async with gate:
            try:
                await asyncio.wait_for(self._begin(kind), 60.0)
            except (OSError, TimeoutError, EOFError):
                self.failed += 1
            else:
                self.opened[kind] += 1

    async def _begin(self, kind: str) -> None:
        reader, writer = await asyncio.open_connection(*self._address)
        self._writers.append(writer)
        if kind == SILENCE:
            return
        host = self._heard if kind == SERVER_HELLO else self._unheard
        writer.write(f"CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n".encode())
        if b" 200 " not in await reader.readuntil(b"\r\n\r\n"):
            raise EOFError
        hello = client_hello(host)
        if kind == DRIPPED:
            self._drips.append(asyncio.create_task(_drip(writer, hello)))
        elif kind == FIRST_RECORD:
            writer.write(in_two_records(hello)[0])
        elif kind == SERVER_HELLO:
            writer.write(hello)
            await reader.readexactly(5)

    async def let_go(self) -> None:
        """Reset half of them, and end the others."""
        for drip in self._drips:
            drip.cancel()
        await asyncio.gather(*self._drips, return_exceptions=True)
        for number, writer in enumerate(self._writers):
            if number % 2:
                writer.transport.abort()
            else:
                writer.close()
        await asyncio.sleep(0.1)


async def _drip(writer: asyncio.StreamWriter, data: bytes) -> None:
    """All but the last byte."""
    with contextlib.suppress(OSError):
        for at in range(len(data) - 1):
            writer.write(data[at : at + 1])
            await asyncio.sleep(DRIP_S)


class MuteOrigin:
    """An origin that accepts and never says a word."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self._kept: list[socket.socket] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> Self:
        self._listener.settimeout(0.1)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()
        for one in (self._listener, *self._kept):
            one.close()

    def _accept(self) -> None:
        while not self._over.is_set():
            with contextlib.suppress(OSError):
                self._kept.append(self._listener.accept()[0])
