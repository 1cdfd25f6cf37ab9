"""From a plan to the certificate that is served. Each field of the plan has its table; no probe is named here.

A minted leaf is the model's copy with one thing changed. Extensions that mitmproxy's leaf lacks (key usage, basic
constraints, its own key identifier) are not added: the leaf is compared with what trusted_ca shows, and what both
lack cannot explain a difference. Every strict verifier at hand accepts the normal leaf as it is.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from pinprobe.probes import CertificatePlan, Issuer, Key, Model, Names, Purpose, Stuffing, Validity
from pinprobe.x509.draft import Authority, Draft
from pinprobe.x509.issuers import ISSUERS, OTHER_HOST
from pinprobe.x509.keyless import keyless_key
from pinprobe.x509.keys import Keys, Kind, PrivateKey, Use, kind_like
from pinprobe.x509.material import Material, Minted, Unservable, lacking
from pinprobe.x509.oddity import oddity

Certificates = tuple[x509.Certificate, ...]

FIVE_YEARS = timedelta(days=5 * 366)
A_MONTH = timedelta(days=30)

FROM_GENUINE = (
    x509.SubjectAlternativeName,
    x509.KeyUsage,
    x509.ExtendedKeyUsage,
    x509.BasicConstraints,
    x509.CertificatePolicies,
    x509.SubjectKeyIdentifier,
)
"""What is copied from a genuine leaf. Not its SCTs, which are bound to its issuer's key; not where to ask for
revocation or for the issuer, since the answers would not fit our certificate; not must-staple, for the same reason."""


def _like_genuine(material: Material) -> Draft:
    draft = Draft.like(material.genuine[0])
    return replace(draft, extensions=tuple(one for one in draft.extensions if isinstance(one.value, FROM_GENUINE)))


MODELS: dict[Model, Callable[[Material], Draft]] = {
    Model.NORMAL: lambda material: Draft.like(material.normal),
    Model.GENUINE: _like_genuine,
}
KEYS: dict[Key, Callable[[Material, Keys], PrivateKey]] = {
    Key.NORMAL: lambda material, keys: material.normal_key,
    Key.OWN: lambda material, keys: keys.of(Use.OWN, Kind.RSA_2048),
    Key.WEAK: lambda material, keys: keys.of(Use.OWN, Kind.RSA_1024),
    Key.LIKE_GENUINE: lambda material, keys: keys.of(Use.OWN, kind_like(material.genuine[0].public_key())),
}


def _for_another_host(draft: Draft) -> Draft:
    others = [one for one in draft.subject if one.oid != NameOID.COMMON_NAME]
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, OTHER_HOST), *others])
    return replace(draft, subject=subject).but(x509.SubjectAlternativeName([x509.DNSName(OTHER_HOST)]))


NAMES: dict[Names, Callable[[Draft], Draft]] = {
    Names.RIGHT: lambda draft: draft,
    Names.WRONG: _for_another_host,
}


def _shifted(draft: Draft, by: timedelta) -> Draft:
    """As long a validity as before, at another time."""
    return replace(draft, not_before=draft.not_before + by, not_after=draft.not_after + by)


VALIDITIES: dict[Validity, Callable[[Draft, datetime], Draft]] = {
    Validity.NOW: lambda draft, now: draft,
    Validity.LONG_AGO: lambda draft, now: _shifted(draft, now - FIVE_YEARS - A_MONTH - draft.not_after),
    Validity.LATER: lambda draft, now: _shifted(draft, now + FIVE_YEARS - draft.not_before),
}
PURPOSES: dict[Purpose, Callable[[Draft], Draft]] = {
    Purpose.SERVER: lambda draft: draft,
    Purpose.CLIENT: lambda draft: draft.but(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])),
}
CHAINS: dict[Stuffing, Callable[[Authority, Material], Certificates]] = {
    Stuffing.NONE: lambda authority, material: authority.sent,
    Stuffing.LAST: lambda authority, material: (*material.ca_chain, *material.genuine),
    Stuffing.AFTER_LEAF: lambda authority, material: (*material.genuine, *material.ca_chain),
}


def mint(plan: CertificatePlan, material: Material, keys: Keys, now: datetime) -> Minted:
    """The certificate of this plan. Raises Unservable with the reason where it cannot be had."""
    if why := lacking(plan, material):
        raise Unservable(why)
    used = (*(material.genuine if plan.needs_genuine else ()), *(material.replay if plan.needs_replay else ()))
    if why := oddity(used):
        raise Unservable(why)
    return _genuine(plan, material) if plan.key is Key.NONE else _minted(plan, material, keys, now)


def _genuine(plan: CertificatePlan, material: Material) -> Minted:
    leaf, *rest = material.replay if plan.needs_replay else material.genuine
    try:
        keyless = keyless_key(leaf)
    except ValueError as error:
        raise Unservable(str(error)) from error
    return Minted(leaf=leaf, key=None, keyless=keyless, chain=tuple(rest))


def _minted(plan: CertificatePlan, material: Material, keys: Keys, now: datetime) -> Minted:
    authority = ISSUERS[plan.issuer](material, keys)
    chain = CHAINS[plan.stuffing](authority, material)
    if not plan.mints:
        # The very leaf of trusted_ca, so that what is sent along is the only difference.
        return Minted(leaf=material.normal, key=material.normal_key, chain=chain)
    key = KEYS[plan.key](material, keys)
    draft = NAMES[plan.names](MODELS[plan.model](material))
    draft = PURPOSES[plan.purpose](VALIDITIES[plan.validity](draft, now))
    draft = replace(draft, public_key=key.public_key())
    if plan.issuer is not Issuer.PROXY_CA:
        # It names mitmproxy's own revocation list, which only the proxy's CA may sign.
        draft = draft.without(x509.CRLDistributionPoints)
    if authority.key_id is None:
        authority = replace(authority, name=draft.subject)
    return Minted(leaf=draft.issued_by(authority, plan.signature), key=key, chain=chain)
