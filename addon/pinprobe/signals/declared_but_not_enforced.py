"""Does the package declare a pin for a host that was decrypted all the same?"""

from dataclasses import replace

from pinprobe.evidence import DECLARED_STANDINGS, DECLARED_WORDS, Standing
from pinprobe.signals.card import Answer, Asked, Card, Kind, present_if, unknown
from pinprobe.signals.package import host_of, not_read, standing_here
from pinprobe.signals.peers import may_be_anothers


def _not_enforced(asked: Asked) -> Answer:
    host, stack = host_of(asked), asked.stack
    if host is None:
        return not_read(asked)
    if not stack.tested:
        return unknown("no attempt was shown our certificate")
    standing = standing_here(asked, host)
    if standing not in DECLARED_STANDINGS or standing is Standing.MATCHES_PROXY:
        return present_if(False, note=f"pins are {DECLARED_WORDS[standing]}")
    exchanges = stack.requests + stack.exchanged_beyond_http
    if not exchanges:
        return present_if(False)
    if may_be_anothers(asked.evidence, asked.endpoint):
        return unknown("the device speaks to this host by itself, so another program may have been decrypted")
    pins = host.pins or host.meant_pins
    note = f"{len(pins)} {'pin' if len(pins) == 1 else 'pins'}, {DECLARED_WORDS[standing]}"
    return replace(present_if(True, count=exchanges, of=stack.accepts, note=note), cause=standing.value)


DECLARED_BUT_NOT_ENFORCED = Card(
    id="declared_but_not_enforced",
    kind=Kind.STRONG,
    title="declared, yet not enforced",
    asks="Does the package declare pins for this host, or mean to, and was it decrypted under our CA?",
    matters="Somebody believes that this host is pinned.",
    trigger="One request, or exchange beyond HTTP, decrypted on a connection of this host's own, and pins in the Network "
    "Security Config or TrustKit's that name it or are meant for it.",
    rules_out="Pins that name the proxy's own CA; requests over another host's connection; hosts that the device speaks "
    "to by itself; pins in code, whose presence is not use.",
    limits="The Network Security Config binds the platform's TLS only: a stack of another kind is not bound by it, and "
    "that is the cause then. A configuration of its own, without pins, may be meant so.",
    evaluate=_not_enforced,
)
