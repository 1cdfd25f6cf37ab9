"""Does one stack accept and refuse at one endpoint, and in which order?"""

from pinprobe.evidence import StackEvidence
from pinprobe.signals.card import Answer, Asked, Card, Kind, present_if, unknown
from pinprobe.thresholds import MIXED_NEEDED


def _mixed(asked: Asked, order: str) -> Answer:
    stack = asked.stack
    refused_s, accepts = stack.clear_refusals_s, stack.accepts
    if not refused_s or not accepts:
        return present_if(False) if stack.tested else unknown("no attempt was shown our certificate")
    if len(refused_s) < MIXED_NEEDED or accepts < MIXED_NEEDED:
        return unknown(f"{len(refused_s)} refused, {accepts} accepted: {MIXED_NEEDED} of each are needed")
    of = len(refused_s) + accepts
    return present_if(_order(stack, refused_s) == order, count=min(len(refused_s), accepts), of=of)


def _order(stack: StackEvidence, refused_s: list[float]) -> str:
    assert stack.first_accept_s is not None and stack.last_accept_s is not None
    if refused_s[-1] < stack.first_accept_s:
        return "refused first"
    if stack.last_accept_s < refused_s[0]:
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
