"""A layer that relays a TLS connection untouched, and only looks at the lengths of its records."""

from collections.abc import Callable, Generator
from typing import Any

from mitmproxy.proxy import commands, context, events
from mitmproxy.proxy.layers import tcp


class RelayLayer(tcp.TCPLayer):
    """mitmproxy's own TCP relay without a flow: nothing is stored, nothing is changed.

    With a delay it first waits, as long as interception would take; the bytes that come meanwhile follow in order.
    """

    def __init__(self, context: context.Context, watch: Callable[[bytes, bool], None], delay_s: float) -> None:
        super().__init__(context, ignore=True)
        self._watch = watch
        self._delay_s = delay_s
        self._held: list[events.Event] = []
        if delay_s:
            self._handle_event = self.wait_first

    def wait_first(self, event: events.Event) -> Generator[Any, Any, None]:
        """Hold everything back until the time is over."""
        if isinstance(event, events.Start):
            yield commands.RequestWakeup(self._delay_s)
        elif isinstance(event, events.Wakeup):
            yield from self.start(events.Start())
            held, self._held = self._held, []
            for one in held:
                yield from self._handle_event(one)
        else:
            self._held.append(event)

    def relay_messages(self, event: events.Event) -> Generator[Any, Any, None]:
        """Hand the bytes on; tell the watcher (bytes, from the client?)."""
        if isinstance(event, events.DataReceived):
            # As mitmproxy does without a flow, in fewer steps: a relay should cost no more than an ignored host.
            client, server = self.context.client, self.context.server
            from_client = event.connection == client
            self._watch(event.data, from_client)
            yield commands.SendData(server if from_client else client, event.data)
        else:
            yield from super().relay_messages(event)
