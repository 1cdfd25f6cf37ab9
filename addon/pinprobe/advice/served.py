"""What is asked about: a host, and the chains that its server showed."""

from dataclasses import dataclass

from pinprobe.events import Certificate


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """One chain of a server."""

    certificates: tuple[Certificate, ...]
    """Leaf first, as sent."""
    root: Certificate | None
    """The trusted root that it ends in, where it is known and was not sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A host, and what it served."""

    host: str
    domain: str
    """Its registrable domain; the host itself where that is not known."""
    chains: tuple[Chain, ...]
    """The latest first."""
    others: str = ""
    """Whose host it is, where it is not the developer's own."""
