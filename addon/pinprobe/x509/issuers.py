"""Who can issue a probe's leaf: one function for each word that a plan has for it."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from cryptography import x509
from cryptography.x509.oid import NameOID

from pinprobe.probes import Issuer
from pinprobe.x509.draft import Authority, Draft
from pinprobe.x509.keys import Keys, Kind, Use, kind_like
from pinprobe.x509.material import Material, Unservable

OTHER_HOST = "other-host.invalid"
"""A name that no host can have (RFC 2606): for the certificate that issues without leave, and for wrong_host."""
NOTHING = dict.fromkeys(
    (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    ),
    False,
)


def proxy_ca(material: Material, keys: Keys) -> Authority:
    """The proxy's CA, as it issues mitmproxy's normal leaves. The root itself is not sent, as usual."""
    return Authority.of(material.ca, material.ca_key, _without_root(material.ca_chain))


@lru_cache(maxsize=16)  # the same for each leaf
def _without_root(chain: tuple[x509.Certificate, ...]) -> tuple[x509.Certificate, ...]:
    return tuple(one for one in chain if one.subject != one.issuer)


def unknown_ca(material: Material, keys: Keys) -> Authority:
    """A CA of this session alone: nobody can have installed it."""
    key = keys.of(Use.UNKNOWN_CA, Kind.RSA_2048)
    key_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())
    # Unlike any installed CA's name, so that a client fails at the issuer and not at the signature.
    name = f"unknown CA {key_id.key_identifier.hex()}"[:40] if key_id.key_identifier else "unknown CA"
    return Authority(name=_common_name(name), key=key, key_id=key_id)


def itself(material: Material, keys: Keys) -> Authority:
    """The leaf: the name is filled in by whoever drafts it."""
    return Authority(name=x509.Name([]), key=keys.of(Use.OWN, Kind.RSA_2048), key_id=None)


def leaf(material: Material, keys: Keys) -> Authority:
    """A leaf of the proxy's CA for another host, as any site's owner could buy one from a public CA."""
    parent = proxy_ca(material, keys)
    key = keys.of(Use.ISSUING, Kind.RSA_2048)
    draft = Draft.like(material.normal).without(x509.CRLDistributionPoints)
    draft = replace(draft, subject=_common_name(OTHER_HOST), public_key=key.public_key())
    certificate = (
        draft.but(x509.SubjectAlternativeName([x509.DNSName(OTHER_HOST)]))
        .but(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .but(x509.KeyUsage(**{**NOTHING, "digital_signature": True}), critical=True)
        .but(x509.SubjectKeyIdentifier.from_public_key(key.public_key()))
        .issued_by(parent)
    )
    return Authority.of(certificate, key, (certificate, *parent.sent))


def genuine_name(material: Material, keys: Keys) -> Authority:
    """An intermediate CA under the proxy's, with the name, validity and kind of key of the genuine leaf's issuer."""
    genuine, *above = material.genuine
    if genuine.subject == genuine.issuer:
        raise Unservable("the genuine leaf is signed by itself: there is no issuer to imitate")
    if not _may_issue_authorities(material.ca):
        raise Unservable("the proxy's CA may not issue intermediates (its path length is 0)")
    parent = proxy_ca(material, keys)
    model = next((one for one in above if one.subject == genuine.issuer), genuine)
    key = keys.of(Use.ISSUING, kind_like(model.public_key()))
    draft = Draft(
        subject=genuine.issuer,
        public_key=key.public_key(),
        not_before=model.not_valid_before_utc,
        not_after=model.not_valid_after_utc,
    )
    certificate = (
        draft.but(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .but(x509.KeyUsage(**{**NOTHING, "key_cert_sign": True, "crl_sign": True}), critical=True)
        .but(x509.SubjectKeyIdentifier.from_public_key(key.public_key()))
        .issued_by(parent)
    )
    return Authority.of(certificate, key, (certificate, *parent.sent))


ISSUERS: dict[Issuer, Callable[[Material, Keys], Authority]] = {
    Issuer.PROXY_CA: proxy_ca,
    Issuer.GENUINE_NAME: genuine_name,
    Issuer.LEAF: leaf,
    Issuer.UNKNOWN_CA: unknown_ca,
    Issuer.ITSELF: itself,
}


def _common_name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _may_issue_authorities(certificate: x509.Certificate) -> bool:
    try:
        allowed = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.path_length
    except x509.ExtensionNotFound:
        return True
    return allowed is None or allowed > 0
