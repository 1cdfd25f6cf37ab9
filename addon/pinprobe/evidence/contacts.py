"""When an endpoint was spoken to, by whom and how: the raw material of "what follows what". Pure.

Kept as moments, and compared when asked, so that the order in which facts arrive does not matter.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from pinprobe.evidence.phases import Phases
from pinprobe.thresholds import BURST_S, CONTACTS_KEPT


class How(StrEnum):
    """The kind of traffic."""

    TLS = "tls"
    HTTP = "http"
    """Without TLS."""
    TCP = "tcp"
    """Neither TLS nor HTTP."""
    QUIC = "quic"


@dataclass(frozen=True, slots=True, order=True)
class Contact:
    """One beginning of traffic."""

    at_s: float
    client: int
    connection_id: int
    how: How


@dataclass(slots=True)
class Contacts:
    """The first few hundred contacts of an endpoint; what comes later is only counted."""

    kept: list[Contact] = field(default_factory=list)
    total: int = 0
    repeats: dict[int, int] = field(default_factory=dict)
    """By connection, the first one that made the same exchange."""

    def add(self, contact: Contact) -> None:
        """One more."""
        self.total += 1
        if len(self.kept) < CONTACTS_KEPT:
            self.kept.append(contact)

    def hand_over(self, connection_id: int, to: "Contacts") -> None:
        """What is known of this connection is another's."""
        theirs = [contact for contact in self.kept if contact.connection_id == connection_id]
        self.kept = [contact for contact in self.kept if contact.connection_id != connection_id]
        self.total -= len(theirs)
        for contact in theirs:
            to.add(contact)

    def repeat(self, connection_id: int, earlier_connection_id: int) -> None:
        """The exchange of this connection was seen before; the first such fact stands."""
        if len(self.repeats) < CONTACTS_KEPT:
            self.repeats.setdefault(connection_id, earlier_connection_id)

    @property
    def cut(self) -> bool:
        """Whether there were more than are kept."""
        return self.total > len(self.kept)

    def bursts(self, phases: Phases) -> dict[str, int]:
        """Contacts by phase; those of one client within two seconds of one another count once."""
        found: dict[str, int] = {}
        last_s: dict[tuple[int, str], float] = {}
        for contact in sorted(self.kept):
            phase = phases.at(contact.at_s)
            if contact.at_s - last_s.get((contact.client, phase), float("-inf")) > BURST_S:
                found[phase] = found.get(phase, 0) + 1
                last_s[contact.client, phase] = contact.at_s
        return found

    def in_phase(self, phases: Phases) -> dict[str, int]:
        """All kept contacts by phase."""
        found: dict[str, int] = {}
        for contact in self.kept:
            phase = phases.at(contact.at_s)
            found[phase] = found.get(phase, 0) + 1
        return found
