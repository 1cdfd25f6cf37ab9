"""A certificate that is not signed yet: copied from a model, changed in one thing, then issued by somebody."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes

from pinprobe.probes import Signature
from pinprobe.x509.keys import PrivateKey
from pinprobe.x509.material import Unservable
from pinprobe.x509.sha1 import signed_with_sha1

Extensions = tuple[x509.Extension[x509.ExtensionType], ...]

SIGNATURES: dict[Signature, Callable[[x509.Certificate, PrivateKey], x509.Certificate]] = {
    Signature.SHA256: lambda certificate, key: certificate,
    Signature.SHA1: signed_with_sha1,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Who signs, and which certificates are sent to show why that counts."""

    name: x509.Name
    key: PrivateKey
    key_id: x509.AuthorityKeyIdentifier | None
    """None where a certificate signs itself: then there is no authority to identify."""
    sent: tuple[x509.Certificate, ...] = ()
    """From the issuer upwards."""

    @classmethod
    def of(cls, certificate: x509.Certificate, key: PrivateKey, sent: tuple[x509.Certificate, ...] = ()) -> Self:
        """The authority that holds this certificate."""
        return cls(name=certificate.subject, key=key, key_id=authority_key_id(certificate), sent=sent)


@lru_cache(maxsize=16)  # the same for each leaf
def authority_key_id(issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    """As RFC 5280, section 4.2.1.1, wants it: what the issuer itself names, else the usual digest of its key."""
    try:
        named = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    except x509.ExtensionNotFound:
        return x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key())  # type: ignore[arg-type]
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """All of a certificate but serial number, issuer and signature."""

    subject: x509.Name
    public_key: CertificatePublicKeyTypes
    not_before: datetime
    not_after: datetime
    extensions: Extensions = ()

    @classmethod
    def like(cls, model: x509.Certificate) -> Self:
        """A copy."""
        return cls(
            subject=model.subject,
            public_key=model.public_key(),
            not_before=model.not_valid_before_utc,
            not_after=model.not_valid_after_utc,
            extensions=tuple(model.extensions),
        )

    def but(self, value: x509.ExtensionType, *, critical: bool = False) -> Self:
        """With this extension, in the place and as critical as the model's own, or else at the end."""
        new = x509.Extension(value.oid, critical, value)
        if not self.has(value.oid):
            return replace(self, extensions=(*self.extensions, new))
        kept = tuple(
            x509.Extension(one.oid, one.critical, value) if one.oid == value.oid else one for one in self.extensions
        )
        return replace(self, extensions=kept)

    def without(self, *kinds: type[x509.ExtensionType]) -> Self:
        """Without these extensions."""
        return replace(self, extensions=tuple(one for one in self.extensions if not isinstance(one.value, kinds)))

    def has(self, oid: x509.ObjectIdentifier) -> bool:
        """Whether there is such an extension."""
        return any(one.oid == oid for one in self.extensions)

    def issued_by(self, authority: Authority, signature: Signature = Signature.SHA256) -> x509.Certificate:
        """Signed. Key identifiers are made to agree with the keys; all else is as drafted.

        Raises Unservable for what cannot be signed, such as a copy of a certificate that ends before it begins.
        """
        draft = self.without(x509.AuthorityKeyIdentifier)
        if self.has(x509.SubjectKeyIdentifier.oid):
            draft = draft.but(x509.SubjectKeyIdentifier.from_public_key(self.public_key))
        if authority.key_id is not None:
            draft = draft.but(authority.key_id)
        try:
            return draft._signed(authority, signature)
        except ValueError as error:  # cryptography writes less than it reads
            raise Unservable(f"such a certificate cannot be signed: {error}") from error

    def _signed(self, authority: Authority, signature: Signature) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(self.subject)
            .issuer_name(authority.name)
            .public_key(self.public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.not_before)
            .not_valid_after(self.not_after)
        )
        for one in self.extensions:
            builder = builder.add_extension(one.value, one.critical)
        return SIGNATURES[signature](builder.sign(authority.key, hashes.SHA256()), authority.key)
