"""Does the app's own configuration say that it does not trust our CA for this host?"""

from pinprobe.signals.card import Answer, Asked, Card, Kind, present_if, unknown
from pinprobe.signals.package import host_of, not_read, trusted_here


def _distrust(asked: Asked) -> Answer:
    host, session = host_of(asked), asked.evidence.session
    if host is None:
        return not_read(asked)
    if session is None or session.ca_store != "user":
        return unknown("asked only where the CA is in the user store")
    trusted = trusted_here(asked, host)
    if trusted is None:
        return unknown("a certificate that it trusts could not be read, and may be our CA")
    return present_if(trusted is False, note=f"{host.config} trusts {', '.join(host.anchors) or 'nothing'}")


DISTRUST_DECLARED = Card(
    id="distrust_declared",
    kind=Kind.EVIDENCE,
    title="the configuration does not trust user-added CAs",
    asks="Is our CA in the user store, which the package's configuration does not trust for this host?",
    matters="Then a refusal inside the handshake is what must come, pin or no pin.",
    limits="It says what the platform's TLS does; a stack with roots of its own distrusts user-added CAs as well.",
    evaluate=_distrust,
)
