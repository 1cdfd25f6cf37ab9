"""Does the app send without TLS what it refused to send under our certificate?"""

from pinprobe.evidence import Follow, How
from pinprobe.signals.card import Asked, Card, Kind
from pinprobe.signals.following import followed


def in_cleartext(asked: Asked, follow: Follow) -> bool:
    """HTTP without TLS, to the same registrable domain."""
    domain = asked.evidence.domain
    return follow.how is How.HTTP and domain(follow.target.host) == domain(asked.endpoint.endpoint.host)


CLEARTEXT_FALLBACK = Card(
    id="cleartext_fallback",
    kind=Kind.STRONG,
    title="falls back to cleartext after a refusal",
    asks="Does http:// to the same registrable domain follow refusals within seconds, and never the control?",
    matters="The pin turns into the loss of all protection: anybody who breaks the handshake reads the traffic.",
    trigger="Each cleartext request comes within five seconds of a refusal here, two or more do, none follows an attempt "
    "that worked, and chance would arrange that in at most 5 % of cases.",
    rules_out="Checks of certificates (OCSP, CRL, issuers) and captive-portal checks, by the shape of the request; "
    "cleartext that the app uses anyway, by the control.",
    limits="The refused request was never seen: that it is the one that follows is inferred.",
    evaluate=lambda asked: followed(asked, lambda follow: in_cleartext(asked, follow)),
)
