"""Do two TLS stacks of the app behave differently at one endpoint?"""

from pinprobe.signals.card import Answer, Asked, Card, Kind, present_if, unknown
from pinprobe.thresholds import REFUSALS_NEEDED


def _differ(asked: Asked, *, after_refusal: bool) -> Answer:
    others = [s for s in asked.endpoint.stacks.values() if s.stack != asked.stack.stack and s.tested]
    if not others:
        return unknown("only one stack was seen here")
    stack = asked.stack
    if stack.accepts or stack.refusals < REFUSALS_NEEDED:
        return present_if(False)
    accepting = [s for s in others if s.accepts and not s.refusals]
    first_refusal_s = min(stack.clear_refusals_s, default=0.0)
    follows = [s for s in accepting if s.first_accept_s is not None and s.first_accept_s > first_refusal_s]
    chosen = follows if after_refusal else [s for s in accepting if s not in follows]
    return present_if(bool(chosen), count=sum(s.accepts for s in chosen), note=", ".join(s.stack for s in chosen))


SECOND_STACK = Card(
    id="second_stack",
    kind=Kind.STRONG,
    title="another TLS stack took over after the refusal",
    asks="Did another fingerprint begin to accept here after this one had refused?",
    matters="The refusal is undone by a second client that does not check.",
    limits="An SDK that shares the host may do so by chance.",
    evaluate=lambda asked: _differ(asked, after_refusal=True),
)
MIXED_BY_STACK = Card(
    id="mixed_by_stack",
    kind=Kind.STRONG,
    title="refused by one TLS stack only",
    asks="Does this stack refuse every time while another accepts at the same endpoint?",
    matters="The endpoint is protected in one part of the app only.",
    limits="Another app on the same host looks the same without attribution.",
    evaluate=lambda asked: _differ(asked, after_refusal=False),
)
