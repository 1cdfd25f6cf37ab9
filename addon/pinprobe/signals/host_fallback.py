"""Does another host take over where the app refused?"""

from pinprobe.evidence import Follow, How
from pinprobe.signals.card import Asked, Card, Kind
from pinprobe.signals.following import STANDING, followed
from pinprobe.signals.peers import NOT_THE_APPS_OWN

REPORTERS = NOT_THE_APPS_OWN | {"analytics", "apm", "crash-reporting", "session-replay"}
"""Owners that are told of a failure: a report that follows it is no fallback."""


def other_host(asked: Asked, follow: Follow) -> bool:
    """A host of another name, which nobody reports errors to."""
    here, there = asked.endpoint.endpoint.host, follow.target.host
    known = asked.evidence.hosts.get(there)
    if here == there or follow.how is How.QUIC or follow.target.port in STANDING:
        return False
    if known is not None and known.category in REPORTERS:
        return False
    # Cleartext within the domain is cleartext_fallback.
    return follow.how is How.TLS or asked.evidence.domain(here) != asked.evidence.domain(there)


HOST_FALLBACK = Card(
    id="host_fallback",
    kind=Kind.WEAK,
    title="another host takes over after a refusal",
    asks="Is another host contacted only within seconds of refusals here, and never otherwise?",
    matters="The app may send to an unpinned host what it refused to send to this one.",
    trigger="Each contact with the other host comes within five seconds of a refusal here, two or more do, none follows "
    "an attempt that worked, and chance would arrange that in at most 5 % of cases.",
    rules_out="CDN rotation and hosts of the control or the idle phase; error reporting, by the catalog; push sockets and "
    "STUN or TURN, by their ports; hosts that are asked after every attempt.",
    limits="What was sent is not known to be the same: it may be a report of the failure to a host of the app's own.",
    evaluate=lambda asked: followed(asked, lambda follow: other_host(asked, follow)),
)
