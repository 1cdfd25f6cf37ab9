"""A listener of the proxy that one app alone is led to.

Rests on whatever leads the app there (a rule for its user id on the device, a proxy set in the app, a device that runs
nothing else) and on `pinprobe_listeners`, which names the app of the listener's port. As sure as that rule: a proxy that
is set for the whole device leads every app to the same port.
"""

from collections.abc import Mapping

from pinprobe.attribution import tunnel
from pinprobe.attribution.source import Attributed, Seen, Source

SOURCE = Source(
    id="listener",
    title="its own listener",
    rests_on="a port of the proxy that one app alone is led to, named by `pinprobe_listeners`",
    sure="as sure as what leads it there; a proxy set for the whole device leads every app to one port",
)


def told(seen: Seen, listeners: Mapping[int, str]) -> Attributed | None:
    """The app of the listener that a connection came by."""
    app_id = listeners.get(seen.port) if seen.mode != tunnel.WIREGUARD else None
    return None if app_id is None else Attributed(app_id=app_id, source_id=SOURCE.id)
