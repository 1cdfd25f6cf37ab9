"""Does the app go around the proxy after a refusal?"""

from pinprobe.signals.card import Answer, Asked, Card, Kind, present_if, unknown
from pinprobe.thresholds import FALLBACKS_NEEDED


def _bypass(asked: Asked) -> Answer:
    evidence, host = asked.evidence, asked.endpoint.endpoint.host
    refused_s = asked.stack.clear_refusals_s
    if not refused_s:
        return unknown("nothing was refused here")
    if host not in evidence.lookups.by_host:
        return unknown("no name was looked up through the proxy: only its DNS or WireGuard mode sees that")
    here = asked.peers.by_host.get(host, ())
    if any(about.contacts.cut or about.checks.cut for about in here):
        return unknown("too many connections to compare lookups with")
    if evidence.quic:
        return unknown("QUIC was seen, which may be where the lookups led")
    contacts = [contact for about in here for known in (about.contacts, about.checks) for contact in known.kept]
    mute_s = evidence.lookups.unanswered(host, contacts, evidence.last_s)
    after = [at_s for at_s in mute_s if at_s >= refused_s[0]]
    looked_up = len(evidence.lookups.by_host[host])
    return present_if(len(after) >= FALLBACKS_NEEDED and len(after) == len(mute_s), count=len(after), of=looked_up)


BYPASS = Card(
    id="bypass",
    kind=Kind.WEAK,
    title="goes around the proxy after a refusal",
    asks="Is the host's name looked up again and again after a refusal, without any connection to it?",
    matters="What goes around the proxy is not tested, and may succeed there.",
    trigger="Two or more lookups after the first refusal that no traffic of that client to the host follows within ten "
    "seconds, and none before it.",
    rules_out="Lookups ahead of need, by those before the refusal; QUIC that the proxy sees.",
    limits="A cached address needs no lookup, and a lookup no connection: it says where to look.",
    evaluate=_bypass,
)
