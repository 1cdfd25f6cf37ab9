"""A layer that relays a TLS connection untouched, and only looks at the lengths of its records."""

from collections.abc import Callable, Generator
from typing import Any

from mitmproxy.proxy import context, events
from mitmproxy.proxy.layers import tcp


class RelayLayer(tcp.TCPLayer):
    """mitmproxy's own TCP relay without a flow: nothing is stored, nothing is changed."""

    def __init__(self, context: context.Context, watch: Callable[[bytes, bool], None]) -> None:
        super().__init__(context, ignore=True)
        self._watch = watch

    def relay_messages(self, event: events.Event) -> Generator[Any, Any, None]:
        """Hand the bytes on; tell the watcher (bytes, from the client?)."""
        if isinstance(event, events.DataReceived):
            self._watch(event.data, event.connection is self.context.client)
        yield from super().relay_messages(event)
