"""Does the app's package declare a pin for this host that would refuse our certificate?"""

from pinprobe import events as ev
from pinprobe.evidence import (
    DECLARED_STANDINGS,
    DECLARED_WORDS,
    CodeMatch,
    Element,
    Standing,
    chain_whole,
    code_matches,
    elements_of,
    matched,
)
from pinprobe.signals.card import Answer, Asked, Card, Kind, present_if, unknown
from pinprobe.signals.package import (
    MAYBE_ANOTHERS,
    app_of,
    host_of,
    not_read,
    platform_refusals,
    standing_here,
    trusted_here,
)
from pinprobe.signals.peers import may_be_anothers

_OPEN = frozenset({Standing.EXPIRES_NOW, Standing.PERHAPS_OVERRIDDEN, Standing.REPORT_ONLY})
"""Whether they bind is not known; TrustKit's report-only pins bind connections that do not go through it."""


def _declared(asked: Asked) -> Answer:
    app, host = app_of(asked), host_of(asked)
    if app is None:
        return not_read(asked)
    if may_be_anothers(asked.evidence, asked.endpoint):
        return unknown(MAYBE_ANOTHERS)
    elements = elements_of(asked.evidence, asked.endpoint)
    code = code_matches(app, asked.endpoint.endpoint.host, elements)
    leaf = next((one for one in code if one.element is Element.LEAF), None)
    distrusted = host is not None and trusted_here(asked, host) is False
    if leaf is not None and not (distrusted and asked.stack.refusals_in_handshake):
        return present_if(True, count=1, note=f"a pin in {leaf.where} is that of the server's leaf")
    if host is None:
        return not_read(asked)
    standing = standing_here(asked, host)
    if standing in _OPEN:
        return unknown(f"pins are {DECLARED_WORDS[standing]}")
    if standing is not Standing.IN_FORCE:
        return present_if(False, note=_why_not(standing, code))
    if distrusted:
        return unknown("the configuration does not trust the CA for this host, so no pin of it is reached")
    if asked.stack.refusals and not platform_refusals(asked):
        return unknown("pins of the configuration refuse inside the handshake, by alert 46: these refusals are others")
    if chain_whole(asked.evidence, asked.endpoint) and not any(one.element for one in matched(host.pins, elements)):
        return unknown(
            "the declared pins match nothing of the real chain: a client that works relayed does not heed them"
        )
    return present_if(True, count=len(host.pins), note=_words(host))


def _why_not(standing: Standing, code: tuple[CodeMatch, ...]) -> str:
    said = (
        f"pins are {DECLARED_WORDS[standing]}" if standing in DECLARED_STANDINGS else "no pin is declared for this host"
    )
    if code:
        said += f"; a pin in {code[0].where} is that of the {code[0].element}, which other hosts have as well"
    return said


def _words(host: ev.HostDeclared) -> str:
    return f"{len(host.pins)} {'pin' if len(host.pins) == 1 else 'pins'} by {host.config}"


DECLARED_PIN = Card(
    id="declared_pin",
    kind=Kind.EVIDENCE,
    title="the app declares a pin",
    asks="Does the package declare pins that are in force for this host, or hold the pin of the server's leaf in its code?",
    matters="Beside a refusal under a trusted CA it names the cause: a pin, and not Certificate Transparency.",
    limits="Pins of the Network Security Config bind the platform's TLS only, so they count beside refusals that look "
    "like its own. A pin in the code may be unused; one of an intermediate or root is a note, since other hosts have it.",
    evaluate=_declared,
)
