"""Could the network have made what looks like a refusal? Pure.

A connection that is reset after the handshake looks like one that the client closed. What is shown is drawn by chance, so
a network that treats all connections alike breaks as many relayed ones: an exact test says how likely it is that they were
spared. Where connections of the app are seen to break elsewhere, these are asked as well, and more is wanted.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pinprobe import chance
from pinprobe.attempts import RELAY, RELAY_PROBES, TRUSTED_CA, Outcome
from pinprobe.evidence import StackEvidence, Turn
from pinprobe.thresholds import CHANCE, COUNTS_COMPARED, REFUSALS_NEEDED, SMALL_CHANCE

_EVER = float("-inf")
_BROKEN_RELAYS = (Outcome.RELAY_FAILED, Outcome.RELAY_UNCLEAR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Connections of which the certificate does not explain how they ended."""

    worked: int = 0
    broken: int = 0

    def __add__(self, other: "Network") -> "Network":
        return Network(worked=self.worked + other.worked, broken=self.broken + other.broken)

    @property
    def total(self) -> int:
        """All of them."""
        return self.worked + self.broken

    def may_break(self, broken: int, kept: int) -> float:
        """Probability that at least so many of the broken ones are among `broken + kept` others, if it treats all alike.

        Counts beyond COUNTS_COMPARED are scaled down: there the test says no more, and takes long.
        """
        scale = min(1.0, COUNTS_COMPARED / max(1, self.total + broken + kept))
        here, kept, worked = (round(count * scale) for count in (broken, kept, self.worked))
        there = math.ceil(self.broken * scale)
        return chance.of_so_many(here, here + kept, there, there + worked)


def network_of(stack: StackEvidence) -> Network:
    """What one stack shows of the network: nothing where no connection ever worked, since then all may fail for a reason."""
    relayed = sum(stack.count(relay, Outcome.RELAY_WORKED) for relay in RELAY_PROBES)
    if not relayed and not stack.accepts:
        return Network()
    broken = sum(stack.count(relay, *_BROKEN_RELAYS) for relay in RELAY_PROBES)
    broken += stack.count(TRUSTED_CA, Outcome.CLOSED_BEFORE_CERTIFICATE)
    if stack.accepts or stack.refusals_after_handshake:
        # It is known to complete handshakes under our certificate: it does not end them for it.
        broken += stack.count(TRUSTED_CA, Outcome.CLOSED_DURING_HANDSHAKE)
    return Network(worked=relayed + stack.accepts, broken=broken)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppNetwork:
    """What all of an app's connections show of the network that it is behind."""

    counts: Network = Network()
    stacks: Sequence[StackEvidence] = ()

    def may_spare(self, stack: StackEvidence, closed: int) -> float:
        """Probability that a network closed so many of this stack's alone, while it spared all that worked meanwhile.

        What worked before or after says nothing: networks have bad moments, and an app may speak to one host in them.
        """
        closes_s = stack.mute_closes_s
        clients = {empty.client for empty in stack.empties}
        if not closes_s or len(clients) > 1:
            return 1.0
        worked = sum(
            moment.turn is Turn.WORKED and moment.client in clients and closes_s[0] <= moment.opened_s <= closes_s[-1]
            for one in self.stacks
            for moment in one.moments.decided.values()
            if one is not stack or moment.probe_id in RELAY_PROBES
        )
        return Network(worked=worked).may_break(min(closed, len(closes_s)), stack.accepts)


def alerts_of(stack: StackEvidence) -> int:
    """Refusals that name the certificate: no network can make them."""
    return stack.refusals_in_handshake + stack.count(TRUSTED_CA, Outcome.ALERT_AFTER_HANDSHAKE)


def why_network(stack: StackEvidence, app: AppNetwork) -> str:
    """Why the network may have made the refusals of this stack; empty where it can hardly have."""
    alerts = alerts_of(stack)
    if alerts >= REFUSALS_NEEDED:
        return ""
    return why_closed(stack, app, max(0, stack.refusals - alerts - stack.overlapping_closes))


def why_closed(
    stack: StackEvidence, app: AppNetwork, closed: int, since_s: float = _EVER, until_s: float = -_EVER
) -> str:
    """The same of so many that came to nothing without alert, beside what the stack accepted.

    Where all that was accepted lies before or after them, they are compared with the relays of their own time alone.
    """
    in_time = (since_s > _EVER or until_s < -_EVER) and stack.moments.until_s == -_EVER  # else not all are known
    kept = 0 if in_time else stack.accepts
    relays = _relays_between(stack, since_s, until_s) if in_time else _relays(stack)
    others = Network(worked=app.counts.worked - stack.accepts, broken=app.counts.broken)
    if relays.may_break(closed, kept) > CHANCE:
        if not in_time and not others.broken and app.may_spare(stack, closed) <= SMALL_CHANCE:
            return ""  # the app's other connections of that time, on the same way to the proxy, were all spared
        return f"{closed} without alert, {relays.worked} of {relays.total} relayed that worked: too few to exclude the network"
    if others.broken and others.may_break(closed, stack.accepts) > SMALL_CHANCE:
        return (
            f"{closed} without alert, and {others.broken} of {others.total} other connections of the app broke off: too few "
            "to exclude the network"
        )
    return ""


def _relays(stack: StackEvidence) -> Network:
    return Network(worked=stack.count(RELAY, Outcome.RELAY_WORKED), broken=stack.count(RELAY, *_BROKEN_RELAYS))


def _relays_between(stack: StackEvidence, since_s: float, until_s: float) -> Network:
    turns = [
        moment.turn
        for moment in stack.moments.decided.values()
        if moment.probe_id == RELAY and since_s <= moment.opened_s <= until_s
    ]
    unclear = stack.count(RELAY, Outcome.RELAY_UNCLEAR)  # whenever they were
    return Network(worked=turns.count(Turn.WORKED), broken=turns.count(Turn.FAILED) + unclear)
