"""Does the app send without TLS what it refused to send under our certificate?"""

from pinprobe.attempts import RELAY, Outcome
from pinprobe.signals.card import Answer, Asked, Card, Kind, present_if, unknown
from pinprobe.thresholds import FALLBACKS_NEEDED


def _fallback(asked: Asked) -> Answer:
    stack = asked.stack
    if not stack.refusals:
        return unknown("nothing was refused here")
    after, otherwise = stack.cleartext_after_refusal, stack.cleartext_otherwise
    if after and not stack.count(RELAY, Outcome.RELAY_WORKED):
        return unknown("no working control to compare with")
    if 0 < after < FALLBACKS_NEEDED:
        return unknown(f"seen {after} time; {FALLBACKS_NEEDED} are needed")
    return present_if(after >= FALLBACKS_NEEDED and not otherwise, count=after, of=stack.refusals)


CLEARTEXT_FALLBACK = Card(
    id="cleartext_fallback",
    kind=Kind.STRONG,
    title="falls back to cleartext after a refusal",
    asks="Does http:// to the same registrable domain follow refusals within seconds, and never the control?",
    matters="The pin turns into the loss of all protection: anybody who breaks the handshake reads the traffic.",
    limits="Which request was repeated is not seen. Revocation and captive-portal checks go to other domains.",
    evaluate=_fallback,
)
