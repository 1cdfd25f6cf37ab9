"""Whose connection it is: asks the sources of attribution in order of trust, and tells the answer in time.

The proxy never waits. Facts on their way to the recorder do, where a device has to be asked: in one queue, so that they
leave in the order in which they came, with the app's name right behind the connection's opening and before its outcome.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import replace

from mitmproxy import connection, ctx

from pinprobe.attribution import (
    NOBODY,
    NONE,
    AdbTables,
    Answer,
    Attributed,
    Match,
    Poller,
    Question,
    Seen,
    TableReader,
    client,
    is_loopback,
    listener,
    plain_address,
    socket_table,
    tunnel,
)
from pinprobe.config import Settings
from pinprobe.events import AppAttributed, AroundSeen, AttributionChecked, Event
from pinprobe.mitm.clock import now_s

HOLD_S = 2.0
"""Longest time that facts wait for an answer: adb takes tens of milliseconds, a device under load a second."""
CHECKED_EVERY_S = 10.0
"""Shortest time between two facts on how the device's table is doing."""
REDIRECTING = frozenset({"transparent", "wireguard", "local"})
"""Modes in which the client's socket is connected to the real server, and not to the listener."""

TOLD = frozenset({"regular", "upstream", "socks5"})
"""Modes in which a client must be told of the proxy, and can take no notice of it."""

Put = Callable[[Event], None]


class Hold:
    """A queue with gaps: what is behind a gap leaves when the gap is filled."""

    def __init__(self, put: Put) -> None:
        self._put = put
        self._queue: deque[Event | int] = deque()
        self._until: dict[int, float] = {}
        self._filled: dict[int, Event | None] = {}

    def put(self, event: Event) -> None:
        """One more fact."""
        if self._queue:
            self._queue.append(event)
        else:
            self._put(event)

    def gap(self, connection_id: int, until_s: float) -> None:
        """What comes from now on waits for this connection's name."""
        self._until[connection_id] = until_s
        self._queue.append(connection_id)

    def fill(self, connection_id: int, event: Event | None) -> bool:
        """The name, or that there is none. False where nothing waits for it any more."""
        if self._until.pop(connection_id, None) is None:
            return False
        self._filled[connection_id] = event
        self._drain()
        return True

    def overdue(self, at_s: float) -> list[int]:
        """Connections whose name did not come in time."""
        return [connection_id for connection_id, until_s in self._until.items() if until_s <= at_s]

    def _drain(self) -> None:
        while self._queue:
            head = self._queue[0]
            if isinstance(head, int):
                if head not in self._filled:
                    return
                filled = self._filled.pop(head)
                if filled is not None:
                    self._put(filled)
            else:
                self._put(head)
            self._queue.popleft()


class Attributing:
    """Stands between the session and the recorder."""

    def __init__(
        self,
        settings: Settings,
        put: Put,
        call_soon: Callable[[Callable[[], object]], object],
        reader: TableReader | None = None,
    ) -> None:
        """`call_soon` has something done in the proxy's own thread."""
        self._listeners = dict(settings.listeners)
        self._clients = dict(settings.clients)
        self._call_soon = call_soon
        self._hold = Hold(put)
        self._answers: deque[Answer] = deque()
        self._asked: dict[int, Seen] = {}
        self._device_seen = False
        """Whether any client's address is one of the device's own: then it can be asked, and what it cannot name is
        nobody's."""
        self._checked = AttributionChecked(
            at_s=0.0,
            source_id=socket_table.SOURCE.id,
            asked=0,
            named=0,
            away=0,
            absent=0,
            shared=0,
            late=0,
            failed=0,
            error="",
        )
        self._told = self._checked
        self._next_check_s = 0.0
        self._around_told: dict[str, int] = {}
        self._redirecting = False
        """Whether any client came by a mode in which no socket shows that it goes past the proxy."""
        reader = AdbTables(settings.adb) if reader is None and settings.adb else reader
        self._poller = Poller(reader, self._answered) if reader is not None else None

    def put(self, event: Event) -> None:
        """A fact on its way to the recorder."""
        self._hold.put(event)

    def opened(self, connection_id: int, seen: Seen) -> None:
        """A connection was opened, and that was told: now its app is."""
        named = tunnel.told(seen, self._listeners) or listener.told(seen, self._listeners)
        if named is None and self._poller is not None and seen.transport == "tcp":
            if self._ask(self._poller, connection_id, seen):
                return
        self._tell(connection_id, named or self._otherwise(seen))

    def tick(self) -> None:
        """Called a few times a second."""
        self._take_answers()
        at_s = now_s()
        for connection_id in self._hold.overdue(at_s):
            seen = self._asked[connection_id]
            self._hold.fill(connection_id, _event(connection_id, self._otherwise(seen)))
        if at_s >= self._next_check_s:
            self._next_check_s = at_s + CHECKED_EVERY_S
            self._check()

    def stop(self) -> None:
        """The session ends: whatever still waits gets what is known."""
        if self._poller is not None:
            self._poller.stop()
        self._take_answers()
        for connection_id in self._hold.overdue(float("inf")):
            self._hold.fill(connection_id, _event(connection_id, self._otherwise(self._asked[connection_id])))
        self._check()

    def _ask(self, poller: Poller, connection_id: int, seen: Seen) -> bool:
        """True where an answer will come."""
        self._count(asked=1)
        if is_loopback(plain_address(seen.client[0])):
            self._count(away=1)  # every machine has that address: it came by the emulator's or adb's own way
            return False
        self._redirecting |= seen.mode in REDIRECTING
        question = Question(
            connection_id=connection_id,
            client=seen.client,
            reached=seen.reached,
            told=seen.mode in TOLD and not self._redirecting,
        )
        if not poller.ask(question):
            self._count(failed=1)
            return False
        self._asked[connection_id] = seen
        self._hold.gap(connection_id, now_s() + HOLD_S)
        return True

    def _answered(self, answer: Answer) -> None:
        """In the poller's thread."""
        self._answers.append(answer)
        try:
            self._call_soon(self._take_answers)
        except RuntimeError:  # the loop is closed: `stop` takes what is left
            return

    def _take_answers(self) -> None:
        while self._answers:
            self._take(self._answers.popleft())

    def _take(self, answer: Answer) -> None:
        seen = self._asked.pop(answer.connection_id)
        named: Attributed | None
        if answer.match is None:
            self._count(failed=1)
            self._checked = replace(self._checked, error=answer.error)
            named = self._otherwise(seen)
        elif answer.match is Match.AWAY:
            self._count(away=1)
            named = self._otherwise(seen)
        else:
            self._device_seen = True
            self._count(
                named=answer.match is Match.NAMED,
                absent=answer.match is not Match.NAMED,
                shared=answer.match is Match.SHARED,
            )
            named = Attributed(app_id=answer.app_id, source_id=socket_table.SOURCE.id)
        if not self._hold.fill(answer.connection_id, _event(answer.connection_id, named)):
            self._count(late=1)
            if answer.match is Match.NAMED:
                self._tell(answer.connection_id, named)  # of use where the outcome is not known yet

    def _otherwise(self, seen: Seen) -> Attributed | None:
        """What the weaker sources say. Where a better one than the option is in use, nothing falls to the option."""
        named = client.told(seen, self._clients)
        if named is None and (self._listeners or self._clients or self._device_seen):
            return Attributed(app_id=NOBODY, source_id=NONE)
        return named

    def _tell(self, connection_id: int, named: Attributed | None) -> None:
        if (event := _event(connection_id, named)) is not None:
            self._hold.put(event)

    def _count(self, **by: int) -> None:
        self._checked = replace(self._checked, **{name: getattr(self._checked, name) + n for name, n in by.items()})

    def _check(self) -> None:
        """Tell how the device's table is doing, where that has changed."""
        if self._checked != self._told:
            self._told = self._checked
            self._hold.put(replace(self._checked, at_s=now_s()))
        around = self._poller.around if self._poller is not None else {}
        for app_id, sockets in around.items():
            if self._around_told.get(app_id) != sockets:
                self._around_told[app_id] = sockets
                self._hold.put(AroundSeen(at_s=now_s(), app_id=app_id, sockets=sockets))


def _event(connection_id: int, named: Attributed | None) -> AppAttributed | None:
    if named is None:
        return None
    return AppAttributed(at_s=now_s(), connection_id=connection_id, app_id=named.app_id, source_id=named.source_id)


def seen_of(client: connection.Client) -> Seen:
    """What sources are asked with."""
    mode = client.proxy_mode
    port = mode.listen_port(ctx.options.listen_port) or 0
    if not port and mode.type_name not in REDIRECTING:
        port = client.sockname[1]
    return Seen(
        mode=mode.type_name,
        port=port,
        transport=client.transport_protocol,
        client=(str(client.peername[0]), client.peername[1]),
        reached=(str(client.sockname[0]), client.sockname[1]),
    )


def listener_name(client: connection.Client) -> str:
    """mitmproxy's specification of the mode, without the path of a WireGuard configuration: it goes into the journal."""
    mode = client.proxy_mode
    if mode.type_name != tunnel.WIREGUARD:
        return mode.full_spec
    return f"{mode.type_name}@{mode.listen_port(ctx.options.listen_port)}"


def device_of(client: connection.Client) -> str:
    """What tells devices apart, in memory only: in each WireGuard tunnel all have the same address."""
    address = str(client.peername[0])
    return f"{client.proxy_mode.full_spec} {address}" if client.proxy_mode.type_name == tunnel.WIREGUARD else address
