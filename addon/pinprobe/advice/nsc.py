"""Android's Network Security Config: the pins that the platform itself enforces, with their end."""

from collections.abc import Iterator, Sequence

from pinprobe.advice.pinset import Domain, PinSet
from pinprobe.advice.wording import NO_BACKUP, pin_words, seen_words, xml_comment

HOW = (
    "res/xml/network_security_config.xml, which the manifest names: android:networkSecurityConfig="
    '"@xml/network_security_config". Where the app has such a file already, put the domain-config elements into it; a '
    "domain that has one already gets the pin-set there."
).replace('"', "'")
END = "From this day on Android checks the pins no longer: ship new ones before."


def render(sets: Sequence[PinSet]) -> str:
    """The whole file; one element for all domains with the same pins."""
    return document(HOW, [line for pins in sets for line in domain_config(pins, pins.domains)])


def document(how: str, configs: Sequence[str]) -> str:
    """The file around the elements."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        *xml_comment(how, ""),
        "<network-security-config>",
        *configs,
        "</network-security-config>",
    ]
    return "\n".join(lines) + "\n"


def domain_config(pins: PinSet, domains: Sequence[Domain], *more: str) -> Iterator[str]:
    """One element: these domains, their pins, and further elements."""
    yield "    <domain-config>"
    for domain in domains:
        if domain.include_subdomains:
            yield from xml_comment(seen_words(domain), " " * 8)
        yield f'        <domain includeSubdomains="{str(domain.include_subdomains).lower()}">{domain.name}</domain>'
    yield from xml_comment(END, " " * 8)
    yield f'        <pin-set expiration="{pins.ends_on}">'
    for pin in (*pins.issuers, *pins.backups):
        yield from xml_comment(pin_words(pin), " " * 12)
        yield f'            <pin digest="SHA-256">{pin.pin_sha256}</pin>'
    if not pins.backups:
        yield from xml_comment(NO_BACKUP, " " * 12)
    yield "        </pin-set>"
    for line in more:
        yield f"        {line}"
    yield "    </domain-config>"
