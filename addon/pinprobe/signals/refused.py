"""Did the client refuse our certificate, where, and every time?"""

from pinprobe.signals.accepted import NOTHING_SHOWN
from pinprobe.signals.card import Answer, Asked, Card, Kind, present_if, unknown
from pinprobe.signals.diagnosed import PIN
from pinprobe.signals.network import why_network
from pinprobe.thresholds import REFUSALS_NEEDED


def _refused(asked: Asked) -> Answer:
    stack = asked.stack
    if not stack.tested:
        return unknown(NOTHING_SHOWN)
    refusals = stack.refusals  # counted anew whenever it is asked for, as accepts are
    return present_if(refusals > 0, count=refusals, of=refusals + stack.accepts)


def _refused_every_time(asked: Asked) -> Answer:
    stack = asked.stack
    if not stack.tested:
        return unknown(NOTHING_SHOWN)
    refusals, accepts = stack.refusals, stack.accepts
    if 0 < refusals < REFUSALS_NEEDED and not accepts:
        return unknown(f"only {refusals} refusal; {REFUSALS_NEEDED} are needed")
    always = refusals >= REFUSALS_NEEDED and not accepts
    if always and (why := network_may(asked)):
        return unknown(why)
    return present_if(always, count=refusals, of=refusals + accepts)


def network_may(asked: Asked) -> str:
    """Why the network may have made these refusals; empty where it can hardly have, or the app's log says what did."""
    named = asked.peers.diagnosed.get((asked.endpoint.endpoint, asked.stack.stack), {}).get(PIN, frozenset())
    if len(named) >= REFUSALS_NEEDED:
        return ""
    return why_network(asked.stack, asked.peers.network(asked.endpoint.endpoint))


def _only(asked: Asked, here: int) -> Answer:
    stack = asked.stack
    if not stack.tested:
        return unknown(NOTHING_SHOWN)
    refusals, accepts = stack.refusals, stack.accepts
    every_time = here == refusals and here >= REFUSALS_NEEDED and not accepts
    if every_time and (why := network_may(asked)):
        return unknown(why)
    return present_if(every_time, count=here, of=refusals + accepts)


def _in_handshake(asked: Asked) -> Answer:
    return _only(asked, asked.stack.refusals_in_handshake)


def _after_handshake(asked: Asked) -> Answer:
    return _only(asked, asked.stack.refusals_after_handshake)


REFUSED = Card(
    id="refused",
    kind=Kind.EVIDENCE,
    title="refused at least once",
    asks="Is there any refusal that counts?",
    matters="'Unpinned' wants none at all.",
    limits="A close without alert inside the handshake counts only in numbers: a lost network looks the same.",
    evaluate=_refused,
)
REFUSED_EVERY_TIME = Card(
    id="refused_every_time",
    kind=Kind.EVIDENCE,
    title="refused every time",
    asks="Were there two or more refusals and never an accept?",
    matters="A hard failure is what a pin looks like.",
    limits="It is also what a client looks like that does not trust the certificate authority. Closes without alert count "
    "where a network that treats all connections alike would hardly have spared the relayed ones (exact test, 5 %; 1 % of "
    "all the app's connections where any broke off), those of one moment once.",
    evaluate=_refused_every_time,
)
REFUSED_IN_HANDSHAKE = Card(
    id="refused_in_handshake",
    kind=Kind.EVIDENCE,
    title="refused inside the handshake, with a certificate alert, every time",
    asks="Did every refusal come as an alert 42 to 46, 48 or 49 before the handshake was complete?",
    matters="The client judged the certificate; no network fault does that.",
    limits="The number names the TLS stack, not the reason: pin, distrust and Certificate Transparency look alike.",
    evaluate=_in_handshake,
)
REFUSED_AFTER_HANDSHAKE = Card(
    id="refused_after_handshake",
    kind=Kind.EVIDENCE,
    title="refused after the handshake, every time",
    asks="Did every refusal come after a complete handshake, without a byte of data?",
    matters="OkHttp's CertificatePinner works so; it fires no failure hook in the proxy.",
    limits="Some stacks check the whole chain only then; a wrong host name ends so too, and a network's reset: see "
    "refused_every_time.",
    evaluate=_after_handshake,
)
