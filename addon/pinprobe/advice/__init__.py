"""From a served chain to a pin set worth shipping, and what speaks against it: pure, from facts alone."""

from pinprobe.advice.approaches import ADVISED, APPROACHES, IN_SHORT, Approach
from pinprobe.advice.cautions import CAUTIONS, Caution
from pinprobe.advice.issuers import Issued, issued_by
from pinprobe.advice.pin import Pin, Role, is_pin, pin_in
from pinprobe.advice.pinset import Advice, Domain, PinSet, Refused, Warned, advise
from pinprobe.advice.served import Chain, Served
from pinprobe.advice.snippets import SNIPPETS, Snippet

__all__ = [
    "ADVISED",
    "APPROACHES",
    "CAUTIONS",
    "IN_SHORT",
    "SNIPPETS",
    "Advice",
    "Approach",
    "Caution",
    "Chain",
    "Domain",
    "Issued",
    "Pin",
    "PinSet",
    "Refused",
    "Role",
    "Served",
    "Snippet",
    "Warned",
    "advise",
    "is_pin",
    "issued_by",
    "pin_in",
]
