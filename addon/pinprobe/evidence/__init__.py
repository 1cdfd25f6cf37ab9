"""What signals are asked of: bounded counts per endpoint and stack, with the facts of session and host. Pure.

Memory grows with endpoints and patterns, never with connections.
"""

from pinprobe.evidence.contacts import Contact, How
from pinprobe.evidence.endpoint import EndpointEvidence
from pinprobe.evidence.follows import Follow, Follows, follows_of
from pinprobe.evidence.ledger import Evidence, evidence_of
from pinprobe.evidence.moments import Life, Moment, Turn
from pinprobe.evidence.stack import StackEvidence
from pinprobe.evidence.tally import Pattern, Tally

__all__ = [
    "Contact",
    "EndpointEvidence",
    "Evidence",
    "Follow",
    "Follows",
    "How",
    "Life",
    "Moment",
    "Pattern",
    "StackEvidence",
    "Tally",
    "Turn",
    "evidence_of",
    "follows_of",
]
