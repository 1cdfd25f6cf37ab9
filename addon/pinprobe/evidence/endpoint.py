"""What was seen of one endpoint, by TLS stack. Pure."""

from dataclasses import dataclass, field

from pinprobe import events as ev
from pinprobe.attempts import Endpoint
from pinprobe.evidence.contacts import Contacts
from pinprobe.evidence.stack import StackEvidence
from pinprobe.thresholds import STACKS_KEPT

OTHER_STACKS = "other stacks"
"""Where the fingerprints beyond the bound are counted together."""


@dataclass(slots=True, kw_only=True)
class EndpointEvidence:
    """What was seen of one endpoint."""

    endpoint: Endpoint
    stacks: dict[str, StackEvidence] = field(default_factory=dict)
    chains: dict[str, tuple[ev.Certificate, ...]] = field(default_factory=dict)
    server_tls_version: str | None = None
    upstream_errors: dict[str, int] = field(default_factory=dict)
    coalesced: int = 0
    """Requests for this host that came over another host's connection (RFC 9113, section 9.1.1)."""
    coalesced_over: str | None = None
    """That host; of several the first by name, in whatever order they came."""
    cleartext: int = 0
    datagrams: int = 0
    contacts: Contacts = field(default_factory=Contacts)
    checks: Contacts = field(default_factory=Contacts)
    """What stacks and devices ask by themselves, with TLS or without; it answers a lookup, and is no app's traffic."""
    policy_headers: dict[str, int] = field(default_factory=dict)
    """Answers with a pinning or transparency header, by its name."""
    pin_material: dict[str, int] = field(default_factory=dict)
    """Pin-shaped strings in decrypted answers, by how they stand there."""

    attributed_by: dict[str, int] = field(default_factory=dict)
    """By source of attribution: attempts, datagrams and cleartext that it called this app's."""

    def stack(self, name: str) -> StackEvidence:
        """The evidence of one stack, made when new."""
        found = self.stacks.get(name)
        if found is None:
            if len(self.stacks) >= STACKS_KEPT:
                name = OTHER_STACKS
            found = self.stacks.get(name) or self.stacks.setdefault(name, StackEvidence(stack=name))
        return found
