"""A bad network: a TCP proxy that resets some connections, or lets them hang, at moments drawn from a seed.

with FlakyProxy(target=proxy.address, seed=7, resets=0.2, stalls=0.1) as flaky:
    run(CLIENTS["curl"], job.but(proxy=flaky.address))
flaky.did      # Counter({"reset": 4, "stall": 2, "none": 14})
"""

from __future__ import annotations

import contextlib
import random
import selectors
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self

TICK_S = 0.1
"""How long a thread may take to see that all is over."""
SEND_S = 5.0
AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER, on, for no seconds: to close is to reset."""

REACH = ((0, 1), (1, 170), (170, 4700), (4700, 5400))
"""Bytes carried, both ways together: at connect, in the proxy's CONNECT, in the handshake, in the data."""
LATE_MS = 60.0

Harm = Literal["none", "reset", "stall"]


@dataclass(frozen=True, slots=True)
class Fate:
    """What happens to one connection, and when: after so many bytes or seconds, whichever is given."""

    harm: Harm
    after_bytes: int | None = None
    after_s: float | None = None


def fate(chance: random.Random, resets: float, stalls: float) -> Fate:
    """Draws the same number of times whatever comes out, so that the fates after it stay the same."""
    luck, by_time, when = chance.uniform(0, 1), chance.uniform(0, 1), chance.uniform(0, LATE_MS / 1000)
    low, high = REACH[chance.randrange(len(REACH))]
    count = chance.randrange(low, high)
    harm: Harm = "reset" if luck < resets else "stall" if luck < resets + stalls else "none"
    if harm == "none":
        return Fate(harm)
    return Fate(harm, after_s=when) if by_time < 0.25 else Fate(harm, after_bytes=count)


class FlakyProxy:
    """Listens on entry; on exit every connection is closed and every thread has ended."""

    def __init__(
        self, *, target: str, seed: int, resets: float = 0.0, stalls: float = 0.0, stall_s: float = 3.0
    ) -> None:
        host, port = target.rsplit(":", 1)
        self._target = (host, int(port))
        self._chance = random.Random(seed)
        self._resets, self._stalls, self._stall_s = resets, stalls, stall_s
        self._listener = socket.socket()
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self.did: Counter[str] = Counter()
        """How many connections were harmed, in which way; those whose moment never came count as none."""

    @property
    def address(self) -> str:
        host, port = self._listener.getsockname()
        return f"{host}:{port}"

    def __enter__(self) -> Self:
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(256)
        self._listener.settimeout(TICK_S)
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        # The first thread makes the others, so it is waited for first.
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                client, _ = self._listener.accept()
            except OSError:
                continue  # nobody came, or was gone again
            self._start(self._carry, client, fate(self._chance, self._resets, self._stalls))

    def _carry(self, client: socket.socket, to_come: Fate) -> None:
        harm: Harm = "none"
        with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
            stack.enter_context(client)
            server = stack.enter_context(socket.create_connection(self._target, timeout=SEND_S))
            for one in (client, server):
                one.settimeout(SEND_S)
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                harm = self._until(to_come, client, server)
                abrupt = harm != "none"
            except OSError:
                abrupt = True  # one side reset it by itself: the other shall see the same
            if harm == "stall":
                self._over.wait(self._stall_s)
            if abrupt:
                for one in (client, server):
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        with self._lock:
            self.did[harm] += 1

    def _until(self, to_come: Fate, client: socket.socket, server: socket.socket) -> Harm:
        """Carry bytes both ways until the moment comes; `none` if the connection ended before."""
        left = to_come.after_bytes
        end_s = None if to_come.after_s is None else time.monotonic() + to_come.after_s
        with selectors.DefaultSelector() as selector:
            selector.register(client, selectors.EVENT_READ, server)
            selector.register(server, selectors.EVENT_READ, client)
            while selector.get_map() and not self._over.is_set():
                now_s = time.monotonic()
                if left == 0 or (end_s is not None and now_s >= end_s):
                    return to_come.harm
                wait_s = TICK_S if end_s is None else min(TICK_S, end_s - now_s)
                for key, _ in selector.select(wait_s):
                    reader, writer = key.fileobj, key.data
                    assert isinstance(reader, socket.socket)
                    data = reader.recv(65536 if left is None else max(1, min(65536, left)))
                    if not data:
                        selector.unregister(reader)
                        writer.shutdown(socket.SHUT_WR)
                        continue
                    writer.sendall(data)
                    if left is not None:
                        left = max(0, left - len(data))
                        if left == 0:
                            break
        return "none"
