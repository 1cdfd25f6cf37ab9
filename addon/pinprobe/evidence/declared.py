"""What the app's package declares for a host, held against our CA and against the server's real chain. Pure.

The rules are Android's: pins of the Network Security Config are checked over the validated chain with its root, any
element may match, an expired set is skipped, and trust anchors with overridePins are exempt.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from pinprobe import events as ev
from pinprobe.evidence.endpoint import EndpointEvidence
from pinprobe.evidence.ledger import Evidence
from pinprobe.thresholds import ZONES_EAST_S, ZONES_WEST_S


class Standing(StrEnum):
    """Whether a host's declared pins bind the platform's TLS while our CA is where it is, or why they do not."""

    IN_FORCE = "in_force"
    EXPIRED = "expired"
    EXPIRES_NOW = "expires_now"
    """Expired in some time zones; the device's is not known."""
    REPORT_ONLY = "report_only"
    """TrustKit's default."""
    OVERRIDDEN = "overridden"
    """The trust anchor that our CA comes under has overridePins."""
    DEBUG_OVERRIDES = "debug_overrides"
    """The same by debug-overrides, whose anchors have it unless told otherwise."""
    PERHAPS_OVERRIDDEN = "perhaps_overridden"
    """Some anchor has it, and whether our CA is that one cannot be told."""
    MATCHES_PROXY = "matches_proxy"
    """One of the pins is that of our own CA."""
    SHADOWED = "shadowed"
    """Another configuration, beside the one with pins, holds for this host."""
    NEVER_MATCHES = "never_matches"
    """The pattern that means this host matches none."""
    NOT_DECLARED = "not_declared"
    NOT_RESOLVED = "not_resolved"
    """The configuration was not resolved for this host."""


DECLARED_WORDS: dict[Standing, str] = {
    Standing.IN_FORCE: "in force",
    Standing.EXPIRED: "expired",
    Standing.EXPIRES_NOW: "expiring on the day of the session",
    Standing.REPORT_ONLY: "report-only",
    Standing.OVERRIDDEN: "overridden for the store that holds the proxy's CA (overridePins)",
    Standing.DEBUG_OVERRIDES: "overridden by debug-overrides in this debuggable build",
    Standing.PERHAPS_OVERRIDDEN: "overridden for some trust anchors (overridePins)",
    Standing.MATCHES_PROXY: "met by the proxy's own CA, which is among them",
    Standing.SHADOWED: "shadowed by another configuration for this host",
    Standing.NEVER_MATCHES: "given to a pattern that never matches",
    Standing.NOT_DECLARED: "not declared",
    Standing.NOT_RESOLVED: "not known",
}
"""After "pins", as people read them."""
DECLARED_STANDINGS = frozenset(Standing) - {Standing.NOT_DECLARED, Standing.NOT_RESOLVED}
"""Pins are declared for the host, or meant for it."""


class Element(StrEnum):
    """A place in the server's real chain."""

    LEAF = "leaf"
    INTERMEDIATE = "intermediate"
    ROOT = "root"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedPin:
    """A declared pin, and what it stands for in the real chain."""

    pin: str
    element: Element | None
    """None where it matches nothing that was seen."""
    not_after_s: float | None
    """When that element expires."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeMatch:
    """A pin in the app's code that matches an element of this host's real chain. Presence is not use."""

    pin: str
    where: str
    element: Element


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """Everything that the package declares for one host, against our CA and the real chain."""

    config: str
    anchors: tuple[str, ...]
    overrides: tuple[str, ...]
    ct: str
    cleartext: bool
    standing: Standing
    pins: tuple[MatchedPin, ...]
    """What Android resolves for the host; else those that are meant for it and do not reach it."""
    expires_s: float | None
    code: tuple[CodeMatch, ...]
    trusted: bool | None
    """Whether the configuration trusts our CA for the host; None where that is not known."""
    chain_seen: bool
    chain_whole: bool
    """Whether the root of every chain is known too."""
    leaf_lasts_s: float | None
    """How long the leaf is valid in all."""


CT = frozenset({"on", "off", "default"})
UNREAD = "raw:unknown"
"""A trust anchor of the app's own that could not be read: it may be our CA."""

Elements = tuple[tuple[Element, ev.Certificate], ...]


def elements_of(evidence: Evidence, about: EndpointEvidence) -> Elements:
    """The elements of the real chains, those seen last first, leaf before intermediates before root."""
    chains = [list(_placed(evidence, chain_id, chain)) for chain_id, chain in reversed(about.chains.items())]
    order = list(Element)
    return tuple(sorted((one for chain in chains for one in chain), key=lambda one: order.index(one[0])))


def _placed(
    evidence: Evidence, chain_id: str, chain: tuple[ev.Certificate, ...]
) -> Iterator[tuple[Element, ev.Certificate]]:
    for depth, certificate in enumerate(chain):
        if depth == 0:
            yield Element.LEAF, certificate
        else:
            yield Element.ROOT if _self_issued(certificate) else Element.INTERMEDIATE, certificate
    if (root := evidence.roots.get(chain_id)) is not None:
        yield Element.ROOT, root


def _self_issued(certificate: ev.Certificate) -> bool:
    # Names that could not be read are empty, and tell nothing.
    return certificate.subject == certificate.issuer != ""


def chain_whole(evidence: Evidence, about: EndpointEvidence) -> bool:
    """Whether every chain that was seen ends in a root that is known: a pin may match that one alone."""
    return bool(about.chains) and all(
        chain_id in evidence.roots or (bool(chain) and _self_issued(chain[-1]))
        for chain_id, chain in about.chains.items()
    )


def matched(pins: Iterable[str], elements: Elements) -> tuple[MatchedPin, ...]:
    """Each pin with the element that it matches, the leaf before others."""
    found: list[MatchedPin] = []
    for pin in pins:
        element, certificate = next((one for one in elements if one[1].pin_sha256 == pin), (None, None))
        found.append(
            MatchedPin(pin=pin, element=element, not_after_s=None if certificate is None else certificate.not_after_s)
        )
    return tuple(found)


def code_matches(app: ev.AppDeclared, host: str, elements: Elements) -> tuple[CodeMatch, ...]:
    """Pins in the code that match this host's real chain; one that stands beside another host's name is that host's."""
    places = {certificate.pin_sha256: element for element, certificate in reversed(elements)}
    return tuple(
        CodeMatch(pin=pin.pin, where=pin.where, element=places[pin.pin])
        for pin in app.code_pins
        if pin.algorithm == "sha256" and pin.pin in places and (not pin.host or covers(pin.host, host))
    )


def covers(pattern: str, host: str) -> bool:
    """Whether a pattern of OkHttp's CertificatePinner means a host: `*.` is one label, `**.` any number or none."""
    pattern, host = pattern.lower(), host.lower()
    if pattern.startswith("**."):
        return host == pattern[3:] or host.endswith(pattern[2:])
    if pattern.startswith("*."):
        return host.partition(".")[2] == pattern[2:]
    return host == pattern


def trusts_ours(declared: ev.HostDeclared, session: ev.SessionStarted | None) -> bool | None:
    """Whether the configuration trusts our CA for the host; None where that cannot be told."""
    if session is None:
        return None
    if f"raw:{session.ca_pin_sha256}" in declared.anchors:
        return True
    if session.ca_store == "unknown":
        return True if {"user", "system"} <= set(declared.anchors) else None
    if session.ca_store in declared.anchors:
        return True
    return None if UNREAD in declared.anchors else False


def standing_of(declared: ev.HostDeclared, app: ev.AppDeclared | None, session: ev.SessionStarted | None) -> Standing:
    """Whether the pins declared for a host bind the platform's TLS at the session's start."""
    if not declared.pins:
        if declared.meant_pins:
            return Standing.NEVER_MATCHES if declared.meant_why == Standing.NEVER_MATCHES else Standing.SHADOWED
        return Standing.NOT_DECLARED
    at_s = 0.0 if session is None else session.at_s
    store = "unknown" if session is None else session.ca_store
    ours = set() if session is None else {store, f"raw:{session.ca_pin_sha256}"}
    if session is not None and session.ca_pin_sha256 in declared.pins:
        return Standing.MATCHES_PROXY
    if declared.expires_s is not None and at_s >= declared.expires_s - ZONES_EAST_S:
        return Standing.EXPIRED if at_s >= declared.expires_s + ZONES_WEST_S else Standing.EXPIRES_NOW
    if declared.report_only:
        return Standing.REPORT_ONLY
    if not ours.isdisjoint(declared.overrides):
        debug = app is not None and app.debuggable and app.debug_user_cas
        return Standing.DEBUG_OVERRIDES if debug else Standing.OVERRIDDEN
    if declared.overrides and (store == "unknown" or UNREAD in declared.overrides):
        return Standing.PERHAPS_OVERRIDDEN
    return Standing.IN_FORCE


def package_of(evidence: Evidence, app_id: str) -> ev.AppDeclared | None:
    """What the app's package declares; None where none was read, or plainly another app's: that one declares nothing here."""
    app = evidence.declared.get(app_id)
    return None if app is None or app.of_another_app else app


def declaration_of(evidence: Evidence, about: EndpointEvidence) -> Declaration | None:
    """What the package declares for an endpoint's host; None where no package of its app was read."""
    name = about.endpoint
    app = package_of(evidence, name.app_id)
    if app is None:
        return None
    host = evidence.hosts_declared.get((name.app_id, name.host))
    elements = elements_of(evidence, about)
    leaf = next((certificate for element, certificate in elements if element is Element.LEAF), None)
    standing = Standing.NOT_RESOLVED if host is None else standing_of(host, app, evidence.session)
    return Declaration(
        config="" if host is None else host.config,
        anchors=() if host is None else host.anchors,
        overrides=() if host is None else host.overrides,
        ct=host.ct if host is not None and host.ct in CT else "",
        cleartext=host is not None and host.cleartext,
        standing=standing,
        pins=() if host is None else matched(host.pins or host.meant_pins, elements),
        expires_s=None if host is None else host.expires_s,
        code=code_matches(app, name.host, elements),
        trusted=None if host is None else trusts_ours(host, evidence.session),
        chain_seen=bool(elements),
        chain_whole=chain_whole(evidence, about),
        leaf_lasts_s=None if leaf is None else leaf.not_after_s - leaf.not_before_s,
    )


def unreached(app: ev.AppDeclared, hosts: Iterable[str]) -> tuple[ev.DeclaredPins, ...]:
    """Pin sets for hosts none of which was contacted, one per domain; a wildcard is taken as it was meant."""
    contacted = set(hosts)
    above = {parent for host in contacted for parent in _parents(host)}
    kept: dict[str, ev.DeclaredPins] = {}
    for one in app.pin_sets:
        domain = one.domain.removeprefix("*.")
        below = one.include_subdomains or domain != one.domain
        if domain not in contacted and not (below and domain in above):
            kept.setdefault(one.domain, one)
    return tuple(kept.values())


def _parents(host: str) -> Iterator[str]:
    while host := host.partition(".")[2]:
        yield host
