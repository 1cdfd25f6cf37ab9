"""What signals are asked of: bounded counts per endpoint and stack, with the facts of session and host. Pure.

Memory grows with endpoints and patterns, never with connections.
"""

from pinprobe.evidence.contacts import Contact, How
from pinprobe.evidence.declared import (
    DECLARED_STANDINGS,
    DECLARED_WORDS,
    CodeMatch,
    Declaration,
    Element,
    MatchedPin,
    Standing,
    chain_whole,
    code_matches,
    declaration_of,
    elements_of,
    matched,
    package_of,
    standing_of,
    trusts_ours,
    unreached,
)
from pinprobe.evidence.endpoint import EndpointEvidence
from pinprobe.evidence.follows import Follow, Follows, follows_of
from pinprobe.evidence.ledger import Evidence, evidence_of
from pinprobe.evidence.moments import Life, Moment, Turn
from pinprobe.evidence.stack import StackEvidence
from pinprobe.evidence.tally import Pattern, Tally

__all__ = [
    "DECLARED_STANDINGS",
    "DECLARED_WORDS",
    "CodeMatch",
    "Contact",
    "Declaration",
    "Element",
    "EndpointEvidence",
    "Evidence",
    "Follow",
    "Follows",
    "How",
    "Life",
    "MatchedPin",
    "Moment",
    "Pattern",
    "StackEvidence",
    "Standing",
    "Tally",
    "Turn",
    "chain_whole",
    "code_matches",
    "declaration_of",
    "elements_of",
    "evidence_of",
    "follows_of",
    "matched",
    "package_of",
    "standing_of",
    "trusts_ours",
    "unreached",
]
