"""In which order one stack refused and accepted at one endpoint. Pure."""

from enum import StrEnum

from pinprobe import chance
from pinprobe.evidence import StackEvidence
from pinprobe.signals.card import Answer, Asked, present_if, unknown
from pinprobe.signals.network import why_closed
from pinprobe.signals.peers import may_be_anothers
from pinprobe.thresholds import CHANCE, FAULTS_WEIGHT, MIXED_NEEDED, MUTE_CLOSES_NEEDED, MUTE_CLOSES_SHARE


class Order(StrEnum):
    """How refusals and accepts lie in time."""

    UNORDERED = "unordered"
    REFUSED_FIRST = "refused first"
    ACCEPTED_FIRST = "accepted first"


def both(asked: Asked, order: Order) -> Answer:
    """Present where enough of both were seen, in this order, and neither users nor the network made the refusals."""
    stack = asked.stack
    alerts, mutes, accepts = len(stack.alerts_s), stack.mute_closes_s, stack.accepts
    refused_s = sorted([*stack.alerts_s, *mutes])
    if not refused_s or not accepts:
        return present_if(False) if stack.tested else unknown("no attempt was shown our certificate")
    if len(refused_s) < MIXED_NEEDED or accepts < MIXED_NEEDED:
        return unknown(f"{len(refused_s)} refused, {accepts} accepted: {MIXED_NEEDED} of each are needed")
    if may_be_anothers(asked.evidence, asked.endpoint):
        return unknown("the device speaks to this host by itself, so there may be two programs")
    if stack.refusing_clients.isdisjoint(stack.data):
        return unknown("one device refuses and another accepts, so the CA may be missing on one")
    found = _order(stack, refused_s)
    if alerts < MIXED_NEEDED:
        network = asked.peers.network(asked.endpoint.endpoint)
        why = _accident(stack, len(mutes), accepts, found) or why_closed(
            stack, network, len(mutes), *_when(stack, found)
        )
        if why:
            return unknown(why)
    return present_if(found is order, count=min(len(refused_s), accepts), of=len(refused_s) + accepts)


def _accident(stack: StackEvidence, mutes: int, accepts: int, order: Order) -> str:
    """Why closes without alert may be cancellations or a network's; empty where they may not."""
    if mutes < MUTE_CLOSES_NEEDED:
        return f"{mutes} closed without alert, those of one moment counted once: {MUTE_CLOSES_NEEDED} are needed"
    if mutes <= FAULTS_WEIGHT * stack.faults:
        return f"{stack.faults} other connections broke off as well: the network may have closed these {mutes}"
    if order is Order.UNORDERED:
        share = mutes / (mutes + accepts)
        return "" if share >= MUTE_CLOSES_SHARE else f"{mutes} of {mutes + accepts} closed without alert: cancellations"
    accident = chance.of_separation(mutes, accepts)
    return "" if accident <= CHANCE else f"{mutes} closed without alert, {accepts} accepted: chance may order them so"


def _when(stack: StackEvidence, order: Order) -> tuple[float, float]:
    """The time in which it refused, as far as accepts bound it."""
    assert stack.first_accept_s is not None and stack.last_accept_s is not None
    return (
        stack.last_accept_s if order is Order.ACCEPTED_FIRST else float("-inf"),
        stack.first_accept_s if order is Order.REFUSED_FIRST else float("inf"),
    )


def _order(stack: StackEvidence, refused_s: list[float]) -> Order:
    assert stack.first_accept_s is not None and stack.last_accept_s is not None
    if refused_s[-1] < stack.first_accept_s:
        return Order.REFUSED_FIRST
    if stack.last_accept_s < refused_s[0]:
        return Order.ACCEPTED_FIRST
    return Order.UNORDERED
