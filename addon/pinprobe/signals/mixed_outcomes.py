"""Does one stack accept and refuse at one endpoint, and in which order?"""

from pinprobe.evidence import StackEvidence
from pinprobe.signals.card import Answer, Asked, Card, Kind, present_if, unknown
from pinprobe.thresholds import MIXED_NEEDED


def _certificate_refusals(stack: StackEvidence) -> int:
    return stack.refusals_in_handshake + stack.refusals_after_handshake


def _mixed(asked: Asked, order: str) -> Answer:
    stack = asked.stack
    refusals, accepts = _certificate_refusals(stack), stack.accepts
    if not refusals or not accepts:
        return present_if(False) if stack.tested else unknown("no attempt was shown our certificate")
    if refusals < MIXED_NEEDED or accepts < MIXED_NEEDED:
        return unknown(f"{refusals} refused, {accepts} accepted: {MIXED_NEEDED} of each are needed")
    return present_if(_order(stack) == order, count=min(refusals, accepts), of=refusals + accepts)


def _order(stack: StackEvidence) -> str:
    assert stack.first_accept_s is not None and stack.last_accept_s is not None
    first_refusal_s, last_refusal_s = stack.first_refusal_s or 0.0, stack.last_refusal_s or 0.0
    if last_refusal_s < stack.first_accept_s:
        return "refused first"
    if stack.last_accept_s < first_refusal_s:
        return "accepted first"
    return "unordered"


MIXED_OUTCOMES = Card(
    id="mixed_outcomes",
    kind=Kind.STRONG,
    title="refuses sometimes, accepts sometimes",
    asks="Are there two or more certificate refusals and two or more accepts by one stack, in no order?",
    matters="What one client object refuses, another part of the app sends anyway: the pin protects nothing.",
    limits="Two apps on one host look the same without attribution.",
    evaluate=lambda asked: _mixed(asked, "unordered"),
)
GAVE_UP_CHECKING = Card(
    id="gave_up_checking",
    kind=Kind.STRONG,
    title="refused first, then accepted for good",
    asks="Did all refusals come before all accepts?",
    matters="An attacker only has to insist.",
    limits="A configuration fetched meanwhile, or a person's 'proceed' in a WebView, looks the same.",
    evaluate=lambda asked: _mixed(asked, "refused first"),
)
LATE_ENFORCEMENT = Card(
    id="late_enforcement",
    kind=Kind.STRONG,
    title="accepted first, then refused for good",
    asks="Did all accepts come before all refusals?",
    matters="What was sent before the pin came into force was readable.",
    limits="Pins fetched at run time do this by design; so does a CA removed during the session.",
    evaluate=lambda asked: _mixed(asked, "accepted first"),
)
