"""A bad network: passes TCP connections on, and harms some of them at moments drawn from a seed.

with FaultyNetwork(seed=7, draw=often((0.3, resets))) as network:
    run(CLIENTS["curl"], job.but(proxy=network.before(proxy.address)))
network.did      # Counter({"reset": 4, "none": 16})
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal, Self

BACKLOG = 512
AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER, on, for no seconds: to close is to reset."""
STALL_S = 3.0
"""A stalled connection is given up after so long, by whoever keeps its state."""
RESEND_S = (0.2, 0.4, 0.8)
"""Linux sends a lost segment again after 200 ms, and doubles the wait each time (RFC 6298)."""

Harm = Literal["none", "reset", "stall", "end_to_client", "end_to_server", "end_both"]
"""`end_...`: a FIN that the other side never sent, half closes where one side alone gets it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What happens to one connection, and when."""

    harm: Harm = "none"
    turn: int = 0
    """Which change of direction: 0 the client's first bytes, 1 the answer to them, and so on. Behind a CONNECT the
    ClientHello is 2, the certificate comes in 3, the client's Finished in 4."""
    share: float = 0.0
    """How much of the first bytes of that turn still passes."""
    lull_s: float = 0.0
    """Between the last byte that passes and the harm: a reset destroys what was not read yet."""
    after_s: float | None = None
    """So long after the beginning, where no turn came before."""
    stall_s: float = STALL_S
    piece: int = 0
    """Most bytes passed on at a time; 0: as they come."""
    losses: float = 0.0
    """Share of the segments that are lost and sent again later."""
    seed: int = 0


Draw = Callable[[random.Random, float], Fate]
"""A fate for a connection that begins so many seconds after the network did."""

HARMLESS = Fate()


def resets(chance: random.Random) -> Fate:
    """A reset at any moment of the connection, by bytes or by time."""
    return _any_moment(chance, "reset")


def stalls(chance: random.Random) -> Fate:
    """Nothing passes any more, from any moment on, not even an end."""
    return _any_moment(chance, "stall")


def _any_moment(chance: random.Random, harm: Harm) -> Fate:
    late_s = chance.uniform(0, 0.06) if chance.random() < 0.25 else None
    turn = 99 if late_s is not None else chance.randrange(8)
    return Fate(harm=harm, turn=turn, share=chance.choice((0.0, 0.5, 1.0)), lull_s=lull(chance), after_s=late_s)


def lull(chance: random.Random) -> float:
    """Seconds that the ends have to read what came last."""
    return chance.choice((0.0, 0.005, 0.05))


def often(*harms: tuple[float, Callable[[random.Random], Fate]]) -> Draw:
    """Each harm befalls its share of all connections; the rest is spared."""

    def draw(chance: random.Random, at_s: float) -> Fate:
        luck = chance.random()
        for share, harm in harms:
            if luck < share:
                return harm(chance)
            luck -= share
        return HARMLESS

    return draw


class FaultyNetwork:
    """One thread that listens from entry to exit; on exit every connection is closed."""

    def __init__(self, *, seed: int, draw: Draw) -> None:
        self._seed, self._draw = seed, draw
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._listeners: list[socket.socket] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._began_s = 0.0
        self.did: Counter[str] = Counter()
        """How many connections were harmed, in which way; those whose moment never came count as none."""

    def __enter__(self) -> Self:
        self._began_s = time.monotonic()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def before(self, target: str) -> str:
        """An address that leads to this one; each has its own draws, so that others do not disturb them."""
        host, port = target.rsplit(":", 1)
        listener = socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)
        listener.setblocking(False)
        number = len(self._listeners)
        self._listeners.append(listener)
        asyncio.run_coroutine_threadsafe(self._listen(listener, (host, int(port)), number), self._loop).result()
        return f"127.0.0.1:{listener.getsockname()[1]}"

    async def _listen(self, listener: socket.socket, target: tuple[str, int], number: int) -> None:
        self._begin(self._accept(listener, target, random.Random(f"{self._seed}|{number}")))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _accept(self, listener: socket.socket, target: tuple[str, int], chance: random.Random) -> None:
        while True:
            client, _ = await self._loop.sock_accept(listener)
            # One number decides each fate, so that every fate stays the same whatever is drawn for the others.
            fate = self._draw(random.Random(chance.getrandbits(64)), time.monotonic() - self._began_s)
            self._begin(self._carry(client, target, fate))

    async def _carry(self, client: socket.socket, target: tuple[str, int], fate: Fate) -> None:
        with client, socket.socket(socket.AF_INET6 if ":" in target[0] else socket.AF_INET) as server:
            harm = "none"
            try:
                for one in (client, server):
                    one.setblocking(False)
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                await self._loop.sock_connect(server, target)
                harm = await Passage(self._loop, client, server, fate).carry()
            except OSError:
                harm = "broken"  # one side reset it by itself: the other shall see the same
            if harm in {"reset", "stall", "broken"}:
                for one in (client, server):
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
            self.did["none" if harm == "broken" else harm] += 1

    async def _end(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for listener in self._listeners:
            listener.close()


class Passage:
    """The bytes of one connection, both ways, until it ends or its moment comes."""

    def __init__(self, loop: asyncio.AbstractEventLoop, client: socket.socket, server: socket.socket, fate: Fate):
        self._loop, self._fate = loop, fate
        self._client, self._server = client, server
        self._turn, self._from_client = -1, False
        self._chance = random.Random(fate.seed)
        self._harmed = asyncio.Event()
        self._ended: set[socket.socket] = set()
        """Where a FIN went that nobody had sent; what is meant for them is lost."""

    async def carry(self) -> Harm:
        """What became of it."""
        ways = [
            self._loop.create_task(self._way(self._client, self._server)),
            self._loop.create_task(self._way(self._server, self._client)),
        ]
        harmed = self._loop.create_task(self._harmed.wait())
        try:
            await self._until_over(ways, harmed)
            return await self._harm(ways) if self._harmed.is_set() else "none"
        finally:
            for one in (*ways, harmed):
                one.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.gather(*ways, harmed, return_exceptions=True)

    async def _until_over(self, ways: Sequence[asyncio.Task[None]], harmed: asyncio.Task[Literal[True]]) -> None:
        late_s = self._fate.after_s
        deadline_s = None if late_s is None or self._fate.harm == "none" else self._loop.time() + late_s
        left = set(ways)
        while left and not self._harmed.is_set():
            wait_s = None if deadline_s is None else max(0.0, deadline_s - self._loop.time())
            both: set[asyncio.Task[Any]] = {*left, harmed}
            done, _ = await asyncio.wait(both, timeout=wait_s, return_when=asyncio.FIRST_COMPLETED)
            if not done:
                self._harmed.set()
            over = {way for way in left if way in done}
            for way in over:
                way.result()
            left -= over

    async def _harm(self, ways: Sequence[asyncio.Task[None]]) -> Harm:
        fate = self._fate
        await asyncio.sleep(fate.lull_s)
        if fate.harm == "stall":
            for way in ways:
                way.cancel()
            await asyncio.sleep(fate.stall_s)
        for side in self._to_end():
            self._ended.add(side)
            side.shutdown(socket.SHUT_WR)
        if fate.harm in {"end_to_client", "end_to_server"}:
            # The other direction stands, and whatever each side makes of it is passed on.
            self._harmed.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.gather(*ways), fate.stall_s)
        return fate.harm

    def _to_end(self) -> list[socket.socket]:
        """Where this harm sends a FIN."""
        ends = {"end_to_client": [self._client], "end_to_server": [self._server]}
        return ends.get(self._fate.harm, [self._client, self._server]) if self._fate.harm.startswith("end") else []

    async def _way(self, reader: socket.socket, writer: socket.socket) -> None:
        from_client = reader is self._client
        while data := await self._loop.sock_recv(reader, 65536):
            if self._turn < 0 or from_client != self._from_client:
                self._turn, self._from_client = self._turn + 1, from_client
            fate = self._fate
            if fate.harm != "none" and not self._ended and self._turn >= fate.turn:
                if not fate.lull_s:  # or the answer to this would be quicker now and then
                    self._ended.update(side for side in self._to_end() if side is not writer)
                await self._pass(writer, data[: round(len(data) * fate.share)])
                self._harmed.set()
                if fate.harm in {"end_to_client", "end_to_server"}:
                    await asyncio.sleep(fate.lull_s)
                    continue
                await asyncio.Event().wait()  # nothing passes any more
            await self._pass(writer, data)
        if writer not in self._ended:
            writer.shutdown(socket.SHUT_WR)

    async def _pass(self, writer: socket.socket, data: bytes) -> None:
        if writer in self._ended:
            return
        for again_s in RESEND_S:
            if not self._fate.losses or self._chance.random() >= self._fate.losses:
                break
            await asyncio.sleep(again_s)
        size = self._fate.piece or len(data) or 1
        for start in range(0, len(data), size):
            if writer in self._ended:
                return
            await self._loop.sock_sendall(writer, data[start : start + size])
            if self._fate.piece:
                await asyncio.sleep(0)
