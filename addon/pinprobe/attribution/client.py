"""The device's address, where a device runs one app.

Rests on `pinprobe_clients`, which names the app of an address. It is the user's word on a whole device: whatever else
runs there counts as the app's. Addresses are compared and kept nowhere.
"""

from collections.abc import Mapping
from ipaddress import ip_address

from pinprobe.attribution.source import Attributed, Seen, Source

SOURCE = Source(
    id="client",
    title="the address of its device",
    rests_on="the device's address, named by `pinprobe_clients`",
    sure="weak: all that the device does counts as the app's",
)


def told(seen: Seen, clients: Mapping[str, str]) -> Attributed | None:
    """The app of the device that a connection came from; `clients` holds addresses in their plain form."""
    app_id = clients.get(plain_address(seen.client[0])) if clients else None
    return None if app_id is None else Attributed(app_id=app_id, source_id=SOURCE.id)


def plain_address(text: str) -> str:
    """One spelling for each address: IPv4 as itself where IPv6 carries it, and without an interface's name.

    What is no address stays as it is.
    """
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return text
    return str(getattr(address, "ipv4_mapped", None) or address)
