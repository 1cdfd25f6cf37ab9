"""iOS 14 and later: NSPinnedDomains of App Transport Security, in Info.plist.

Two rules of its own. A domain's subdomains are those with one more label, so deeper hosts get entries of their own. And a
list of leaf keys beside one of CA keys asks for a match in both: a key of one's own cannot stand in for a CA there.
"""

from collections.abc import Iterator, Sequence

from pinprobe.advice.pin import Pin
from pinprobe.advice.pinset import Domain, PinSet
from pinprobe.advice.plist import array, dictionary, document, flag, member, text
from pinprobe.advice.wording import NO_BACKUP, no_end_words, pin_words, seen_words, xml_comment

HOW = (
    "Info.plist: merge this key into the app's own. It binds URLSession and what is built on it, on iOS 14 and later; "
    "WKWebView and code with a TLS stack of its own check no pins."
)
NO_OWN = (
    "A backup key of your own is left out: beside CA keys iOS would ask for a match in each list. The backup can only be a "
    "CA here; where that is not enough, use TrustKit."
)


def render(sets: Sequence[PinSet]) -> str:
    """The whole property list."""
    entries = [entry for pins in sets for domain in pins.domains for entry in _entries(pins, domain)]
    inner = dictionary(member("NSPinnedDomains", dictionary(*entries)))
    return document(xml_comment(HOW, ""), list(dictionary(member("NSAppTransportSecurity", inner))))


def _entries(pins: PinSet, domain: Domain) -> Iterator[list[str]]:
    """The domain, and those of its hosts that it does not reach."""
    yield _entry(pins, domain)
    depth = domain.name.count(".") + 1
    for host in domain.hosts if domain.include_subdomains else ():
        if host.count(".") > depth:
            yield _entry(pins, Domain(name=host, include_subdomains=False, hosts=(host,)))


def _entry(pins: PinSet, domain: Domain) -> list[str]:
    said = [*(xml_comment(seen_words(domain), "") if domain.include_subdomains else ())]
    said += xml_comment(no_end_words(pins), "")
    said += xml_comment(NO_OWN, "") if pins.own else ()
    said += () if pins.roots else xml_comment(NO_BACKUP, "")
    value = dictionary(
        member("NSIncludesSubdomains", flag(domain.include_subdomains)),
        member("NSPinnedCAIdentities", array(*map(_identity, (*pins.issuers, *pins.roots)))),
    )
    return [*said, *member(domain.name, value)]


def _identity(pin: Pin) -> list[str]:
    value = dictionary(member("SPKI-SHA256-BASE64", text(pin.pin_sha256)))
    return [*xml_comment(pin_words(pin), ""), *value]
