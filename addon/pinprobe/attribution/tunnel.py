"""A WireGuard tunnel that carries one app alone.

Rests on `IncludedApplications` in the configuration of the device's WireGuard app, where Android itself sends that
app's packets into the tunnel, and nobody else's; and on `pinprobe_listeners`, which names the app of the tunnel's port.
The surest source there is: it is wrong only where a tunnel without that line, or for another app, uses the port.
"""

from collections.abc import Mapping

from pinprobe.attribution.source import Attributed, Seen, Source

WIREGUARD = "wireguard"
"""mitmproxy's name of the mode."""

SOURCE = Source(
    id="tunnel",
    title="its own WireGuard tunnel",
    rests_on="a WireGuard listener for one app alone, named by `pinprobe_listeners`; Android keeps other apps out of a "
    "tunnel with `IncludedApplications`",
    sure="very; wrong only where another configuration uses the tunnel's port",
)


def told(seen: Seen, listeners: Mapping[int, str]) -> Attributed | None:
    """The app of the tunnel that a connection came by."""
    app_id = listeners.get(seen.port) if seen.mode == WIREGUARD else None
    return None if app_id is None else Attributed(app_id=app_id, source_id=SOURCE.id)
