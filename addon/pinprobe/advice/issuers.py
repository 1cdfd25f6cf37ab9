"""Which key to pin: that of the CA which issued the leaf, the narrowest one that outlives the leaf's renewals."""

from collections.abc import Iterable
from dataclasses import dataclass

from pinprobe.advice.pin import Pin, Role, is_pin
from pinprobe.advice.served import Chain
from pinprobe.events import Certificate

NEVER_REACHED = "its server was never reached, so there is no chain to choose from"
SELF_SIGNED = (
    "its certificate is self-signed: make it a trust anchor of the app, as a pin does not make a device trust it"
)
LEAF_ONLY = (
    "its server sent nothing but its own certificate, and the CA that issued it is not known here: mend the server, "
    "which many clients refuse too, then ask again"
)
NO_ISSUER = "the CA that issued its certificate was not sent and is not known here: mend the server, then ask again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """Who stands behind a server's certificates, over all of its chains."""

    issuers: tuple[Pin, ...]
    """Of the latest chain first."""
    roots: tuple[Pin, ...]
    """The roots above them that are no issuers themselves."""
    why_not: str
    """Why there are no issuers; else empty."""


def issued_by(chains: Iterable[Chain]) -> Issued:
    """The issuers of these chains by name: a certificate's issuer is the one whose subject it names.

    Names alone do not prove who signed. Where two keys have the fitting name both are taken, since the right one is
    among them.
    """
    issuers: dict[str, Pin] = {}
    roots: dict[str, Pin] = {}
    reasons: list[str] = []
    for chain in chains:
        found = _issuers(chain)
        if not found:
            reasons.append(_why(chain))
        for one in found:
            issuers.setdefault(one.pin_sha256, _pin(one, Role.ISSUER))
        if found and (root := _root(chain, found[0])) is not None:
            roots.setdefault(root.pin_sha256, _pin(root, Role.ROOT))
    return Issued(
        issuers=tuple(issuers.values()),
        roots=tuple(pin for value, pin in roots.items() if value not in issuers),
        why_not="" if issuers else (reasons[0] if reasons else NEVER_REACHED),
    )


def _others(chain: Chain) -> tuple[Certificate, ...]:
    known = (*chain.certificates[1:], *([chain.root] if chain.root is not None else []))
    return tuple(one for one in known if one.is_ca and is_pin(one.pin_sha256) and one.subject)


def _issuers(chain: Chain) -> list[Certificate]:
    if not chain.certificates:
        return []
    leaf = chain.certificates[0]
    return [one for one in _others(chain) if one.subject == leaf.issuer and one.pin_sha256 != leaf.pin_sha256]


def _root(chain: Chain, issuer: Certificate) -> Certificate | None:
    """The trusted one where it is known, else a self-signed one at the end of what was sent."""
    if chain.root is not None:
        return chain.root if is_pin(chain.root.pin_sha256) else None
    others = _others(chain)
    above, seen = issuer, {issuer.subject}
    while above.issuer != above.subject:
        following = next((one for one in others if one.subject == above.issuer), None)
        if following is None or following.subject in seen:
            return None
        above = following
        seen.add(above.subject)
    return above


def _why(chain: Chain) -> str:
    if not chain.certificates:
        return NEVER_REACHED
    leaf = chain.certificates[0]
    if leaf.subject == leaf.issuer:
        return SELF_SIGNED
    return LEAF_ONLY if len(chain.certificates) == 1 else NO_ISSUER


def _pin(certificate: Certificate, role: Role) -> Pin:
    return Pin(
        pin_sha256=certificate.pin_sha256,
        role=role,
        subject=certificate.subject,
        until_s=certificate.not_after_s,
    )
