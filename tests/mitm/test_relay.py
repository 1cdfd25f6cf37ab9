"""The control's layer: every byte goes on untouched and in order, at once or after a delay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mitmproxy import options
from mitmproxy.connection import Client, Connection, ConnectionState, Server
from mitmproxy.proxy import commands, events
from mitmproxy.proxy.context import Context

from pinprobe.mitm.relay import RelayLayer

Seen = list[tuple[bytes, bool]]
BYTES = st.lists(st.tuples(st.binary(min_size=1, max_size=20), st.booleans()), max_size=20)


class Wire:
    """A relay between two connections that are open, and what it sent where."""

    def __init__(self, delay_s: float = 0.0) -> None:
        client = Client(peername=("192.0.2.1", 1), sockname=("192.0.2.2", 2), timestamp_start=0.0)
        client.state = ConnectionState.OPEN
        self.context = Context(client, options.Options())
        self.context.server = Server(address=("example.com", 443))
        self.context.server.state = ConnectionState.OPEN
        self.context.server.timestamp_start = 1.0
        self.seen: Seen = []
        self.sent: dict[Connection, bytes] = {self.context.client: b"", self.context.server: b""}
        self.closed: list[Connection] = []
        self.wakeups: list[commands.RequestWakeup] = []
        self.counted: Seen = []
        self.layer = RelayLayer(self.context, self.watch, self.count, delay_s)
        self.handle(events.Start())

    def watch(self, data: bytes, from_client: bool) -> None:
        self.seen.append((data, from_client))

    def count(self, data: bytes, from_client: bool) -> bool:
        """It is enough for pieces of an even length."""
        if len(data) % 2:
            return False
        self.counted.append((data, from_client))
        self.seen.append((data, from_client))
        return True

    def handle(self, event: events.Event) -> None:
        for command in self.layer.handle_event(event):
            self._obey(command)

    def _obey(self, command: Any) -> None:
        match command:
            case commands.SendData():
                self.sent[command.connection] += command.data
            case commands.CloseConnection():
                self.closed.append(command.connection)
            case commands.RequestWakeup():
                self.wakeups.append(command)
            case commands.Log():
                pass
            case _:
                raise AssertionError(command)

    def say(self, data: bytes, from_client: bool) -> None:
        self.handle(events.DataReceived(self.context.client if from_client else self.context.server, data))

    def end(self, from_client: bool) -> None:
        one = self.context.client if from_client else self.context.server
        one.state &= ~ConnectionState.CAN_READ
        self.handle(events.ConnectionClosed(one))

    def wake(self) -> None:
        self.handle(events.Wakeup(self.wakeups.pop()))


def way(pieces: Sequence[tuple[bytes, bool]], from_client: bool) -> bytes:
    return b"".join(data for data, by_client in pieces if by_client is from_client)


@settings(max_examples=50)
@given(BYTES)
def test_every_byte_goes_on_and_is_watched(pieces: Seen) -> None:
    wire = Wire()
    for data, from_client in pieces:
        wire.say(data, from_client)
    assert wire.sent[wire.context.server] == way(pieces, True)
    assert wire.sent[wire.context.client] == way(pieces, False)
    assert wire.seen == pieces, "each is counted or watched, once"
    assert wire.counted == [piece for piece in pieces[1:] if len(piece[0]) % 2 == 0]


def test_with_debugging_each_step_is_mitmproxys_own() -> None:
    wire = Wire()
    wire.layer.debug = ""
    for _ in range(2):
        wire.say(b"even", True)
    assert (len(wire.seen), wire.counted) == (2, [])
    assert wire.sent[wire.context.server] == b"eveneven"


@settings(max_examples=50)
@given(BYTES, BYTES)
def test_a_delay_holds_everything_back_and_loses_nothing(before: Seen, after: Seen) -> None:
    wire = Wire(delay_s=0.05)
    assert [command.delay for command in wire.wakeups] == [0.05]
    for data, from_client in before:
        wire.say(data, from_client)
    assert not any(wire.sent.values()) and wire.seen == []
    wire.wake()
    for data, from_client in after:
        wire.say(data, from_client)
    assert wire.sent[wire.context.server] == way([*before, *after], True)
    assert wire.sent[wire.context.client] == way([*before, *after], False)
    assert wire.seen == [*before, *after]


def test_after_the_end_of_one_side_the_other_still_speaks() -> None:
    wire = Wire()
    wire.say(b"question", True)
    wire.end(from_client=True)
    for piece in (b"a long", b" ", b"answer"):
        wire.say(piece, False)
    assert wire.sent[wire.context.client] == b"a long answer"
    wire.end(from_client=False)
    wire.say(b"too late", False)
    assert wire.sent[wire.context.client] == b"a long answer"


@pytest.mark.parametrize("from_client", [True, False])
def test_the_end_of_one_side_is_handed_on(from_client: bool) -> None:
    wire = Wire()
    wire.say(b"last words", from_client)
    wire.end(from_client)
    assert wire.closed[0] is (wire.context.server if from_client else wire.context.client)


def test_a_client_that_leaves_during_the_delay_is_let_go() -> None:
    wire = Wire(delay_s=0.05)
    wire.say(b"hello", True)
    wire.end(from_client=True)
    assert wire.closed == []
    wire.wake()
    assert wire.sent[wire.context.server] == b"hello"
    assert wire.context.server in wire.closed


def test_data_that_was_held_goes_on_though_both_sides_are_closed_by_then() -> None:
    wire = Wire(delay_s=0.05)
    wire.say(b"hello", True)
    wire.end(True)
    wire.say(b"answer", False)
    wire.end(False)
    wire.wake()
    assert wire.sent[wire.context.server] == b"hello" and wire.sent[wire.context.client] == b"answer"
    assert wire.seen == [(b"hello", True), (b"answer", False)]
