"""A layer that relays a TLS connection untouched, and only looks at the lengths of its records."""

from collections.abc import Callable, Generator
from typing import Any

from mitmproxy.proxy import commands, context, events
from mitmproxy.proxy.layers import tcp

Watch = Callable[[bytes, bool], object]
"""Is told of bytes, and whether the client sent them."""
Count = Callable[[bytes, bool], bool]
"""Likewise, first: False where the watcher must be told."""


class RelayLayer(tcp.TCPLayer):
    """mitmproxy's own TCP relay without a flow: nothing is stored, nothing is changed.

    With a delay it first waits, as long as interception would take; the bytes that come meanwhile follow in order.
    """

    def __init__(self, context: context.Context, watch: Watch, count: Count, delay_s: float) -> None:
        super().__init__(context, ignore=True)
        self._watch = watch
        self._count = count
        self._delay_s = delay_s
        self._held: list[events.Event] = []
        self._flowing = False
        """Bytes came last, and more may follow."""
        if delay_s:
            self._handle_event = self.wait_first

    def wait_first(self, event: events.Event) -> Generator[Any, Any, None]:
        """Hold everything back until the time is over."""
        if isinstance(event, events.Start):
            yield commands.RequestWakeup(self._delay_s)
        elif isinstance(event, events.Wakeup):
            yield from self.start(events.Start())
            # Data first: mitmproxy drops what comes when both sides are closed, as they may be by now.
            held, self._held = sorted(self._held, key=lambda one: isinstance(one, events.ConnectionClosed)), []
            for one in held:
                yield from self._handle_event(one)
        else:
            self._held.append(event)

    def handle_event(self, event: events.Event) -> Generator[Any, Any, None]:
        """As mitmproxy's, in fewer steps where bytes follow bytes: a relay should cost no more than an ignored host."""
        if self._flowing and isinstance(event, events.DataReceived):
            client, data = self.context.client, event.data
            from_client = event.connection is client
            if not self._count(data, from_client):
                self._watch(data, from_client)
            yield commands.SendData(self.context.server if from_client else client, data)
        else:
            yield from super().handle_event(event)

    def relay_messages(self, event: events.Event) -> Generator[Any, Any, None]:
        """Hand the bytes on; tell the watcher (bytes, from the client?)."""
        if isinstance(event, events.DataReceived):
            self._watch(event.data, event.connection == self.context.client)
        # With proxy_debug each step is logged, in mitmproxy's own way.
        self._flowing = isinstance(event, events.DataReceived) and self.debug is None
        yield from super().relay_messages(event)
