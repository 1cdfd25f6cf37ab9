"""What a source of attribution is, and what is asked of it. Pure."""

from dataclasses import dataclass

from pinprobe.events import UNATTRIBUTED

Address = tuple[str, int]
"""Of a socket: a numeric address and a port."""

NONE = "none"
"""Source id where no source in use could tell."""
NOBODY = UNATTRIBUTED
"""App id of connections that no app is known for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One way to learn which app a connection belongs to, as users read of it."""

    id: str
    title: str
    """Completes "told by"."""
    rests_on: str
    sure: str
    """How sure it is, and what would fool it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the proxy knows of a connection when it is opened. Addresses are looked at here and kept nowhere."""

    mode: str
    """mitmproxy's name of the listener's mode, such as regular or wireguard."""
    port: int
    """The listener's."""
    transport: str
    client: Address
    reached: Address
    """What the client's own socket says that it is connected to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributed:
    """An app, and the source that named it."""

    app_id: str
    source_id: str
