"""Does another port or protocol take over where the app refused?"""

from pinprobe.evidence import Follow, How
from pinprobe.signals.card import Asked, Card, Kind
from pinprobe.signals.following import STANDING, followed


def other_way(asked: Asked, follow: Follow) -> bool:
    """TLS on another port of the same host, or raw TCP or QUIC within the registrable domain."""
    here, target, domain = asked.endpoint.endpoint, follow.target, asked.evidence.domain
    if follow.how is How.HTTP or target.port in STANDING or (follow.how is How.TLS and target.host != here.host):
        return False
    return domain(target.host) == domain(here.host)


PROTOCOL_FALLBACK = Card(
    id="protocol_fallback",
    kind=Kind.WEAK,
    title="another port or protocol takes over after a refusal",
    asks="Do TLS on another port, raw TCP or QUIC to the same place follow refusals, and never the control?",
    matters="The other way in may not be pinned.",
    trigger="Each such contact comes within five seconds of a refusal here, two or more do, none follows an attempt that "
    "worked, and chance would arrange that in at most 5 % of cases.",
    rules_out="Push sockets and STUN or TURN, by their ports; ways that the app uses anyway, by the control.",
    limits="What travels there is judged at its own endpoint, and not at all where it is QUIC.",
    evaluate=lambda asked: followed(asked, lambda follow: other_way(asked, follow)),
)
