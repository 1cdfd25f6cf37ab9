"""Which names were looked up through the proxy, and whether anything followed. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pinprobe.evidence.contacts import Contact
from pinprobe.thresholds import ENDPOINTS_KEPT, LOOKUP_WINDOW_S, LOOKUPS_KEPT


@dataclass(slots=True)
class Lookups:
    """Name lookups by host."""

    by_host: dict[str, list[tuple[float, int]]] = field(default_factory=dict)
    """When, and by which client."""

    def add(self, host: str, client: int, at_s: float) -> None:
        """One more."""
        if host in self.by_host or len(self.by_host) < ENDPOINTS_KEPT:
            times = self.by_host.setdefault(host, [])
            if len(times) < LOOKUPS_KEPT:
                times.append((at_s, client))

    def clients(self, host: str) -> set[int]:
        """Who looked it up."""
        return {client for _, client in self.by_host.get(host, ())}

    def unanswered(self, host: str, contacts: Iterable[Contact], until_s: float) -> list[float]:
        """When the host was looked up and no traffic of that client to it followed; the latest may still follow."""
        seen = [(contact.client, contact.at_s) for contact in contacts]
        return [
            at_s
            for at_s, client in sorted(self.by_host.get(host, []))
            if at_s + LOOKUP_WINDOW_S <= until_s
            and not any(who == client and 0 <= seen_s - at_s <= LOOKUP_WINDOW_S for who, seen_s in seen)
        ]
