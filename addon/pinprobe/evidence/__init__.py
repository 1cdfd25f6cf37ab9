"""What signals are asked of: bounded counts per endpoint and stack, with the facts of session and host. Pure.

Memory grows with endpoints and patterns, never with connections.
"""

from pinprobe.evidence.endpoint import EndpointEvidence
from pinprobe.evidence.ledger import Evidence, evidence_of
from pinprobe.evidence.stack import Pattern, StackEvidence, Tally

__all__ = ["EndpointEvidence", "Evidence", "Pattern", "StackEvidence", "Tally", "evidence_of"]
