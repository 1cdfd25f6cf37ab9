"""How another TLS stack behaves where this one refuses. Pure."""

from pinprobe.signals.ca_trust import trust_proven
from pinprobe.signals.card import Answer, Asked, State, present_if, unknown
from pinprobe.signals.peers import may_be_anothers
from pinprobe.signals.refused import network_may
from pinprobe.thresholds import REFUSALS_NEEDED


def differ(asked: Asked, *, after_refusal: bool) -> Answer:
    """Present where this stack refuses every time and another accepts: from its first refusal on, or at any time."""
    others = [s for s in asked.endpoint.stacks.values() if s.stack != asked.stack.stack and s.tested]
    if not others:
        return unknown("only one stack was seen here")
    stack = asked.stack
    if stack.accepts or not stack.refusals:
        return present_if(False)
    if stack.refusals < REFUSALS_NEEDED:
        return unknown(f"only {stack.refusals} refusal; {REFUSALS_NEEDED} are needed")
    if why := network_may(asked):
        return unknown(why)
    if may_be_anothers(asked.evidence, asked.endpoint):
        return unknown("the device speaks to this host by itself, so the stacks may be two programs'")
    accepting = [s for s in others if s.accepts and not s.refusals]
    if not accepting:
        return present_if(False, of=stack.refusals)
    if not stack.refusing_clients:
        return unknown("no refusal here is beyond doubt")
    if all(stack.refusing_clients.isdisjoint(s.data) for s in accepting):
        return unknown("one device refuses and another accepts, so the CA may be missing on one")
    if not trust_proven(asked):
        return unknown("this stack is not known to trust the CA: it may have roots of its own")
    first_refusal_s = min((*stack.clear_refusals_s, *stack.bare_closes_s.values()))
    follows = [s for s in accepting if min(tally.first_s for tally in s.tallies.values()) > first_refusal_s]
    chosen = follows if after_refusal else [s for s in accepting if s not in follows]
    if not chosen:
        return present_if(False, of=stack.refusals)
    elsewhere = sum(s.accepts for s in chosen)
    note = f"{elsewhere} by {', '.join(s.stack for s in chosen)}"
    return Answer(state=State.PRESENT, count=stack.refusals, of=stack.refusals, note=note, elsewhere=elsewhere)
