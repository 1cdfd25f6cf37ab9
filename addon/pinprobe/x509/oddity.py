"""Certificates that cannot be read whole. Servers may send them, and whatever is made of them could be wrong."""

from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from pinprobe.x509.asn1 import content_of, elements

Certificates = tuple[x509.Certificate, ...]

LONGEST_NAME_BYTES = 4096
"""Of an issuer or subject, in DER. Real ones have some hundred; reading one of 64 KB takes a tenth of a second."""
VERSION = 0xA0
"""Tag of the version, which certificates of version 1 lack."""


def oddity(chain: Certificates) -> str:
    """Which certificate of a chain has a field that cannot be read, and which field; empty where all can be."""
    for number, one in enumerate(chain, start=1):
        if field := _odd_field(one):
            return f"the {field} of certificate {number} cannot be read"
    return ""


def names_too_long(certificate: x509.Certificate) -> bool:
    """Whether the issuer or subject is longer than anybody's."""
    fields = list(elements(content_of(certificate.tbs_certificate_bytes)))
    # version, serialNumber, signature, issuer, validity, subject (RFC 5280, section 4.1)
    issuer = 3 if fields[0][0] == VERSION else 2
    return max(len(fields[issuer]), len(fields[issuer + 2])) > LONGEST_NAME_BYTES


@lru_cache(maxsize=64)  # the same few are asked about by everything that looks at a chain
def _odd_field(certificate: x509.Certificate) -> str:
    for field, read in _FIELDS:
        try:
            read(certificate)
        except Exception:  # cryptography raises what its parts raise: KeyError and TypeError among others
            return field
    return ""


def _names(certificate: x509.Certificate) -> None:
    if names_too_long(certificate):
        raise ValueError("too long")
    for name in (certificate.subject, certificate.issuer):
        hash(name)
        name.rfc4514_string()


def _dates(certificate: x509.Certificate) -> None:
    _ = certificate.not_valid_before_utc, certificate.not_valid_after_utc


def _key(certificate: x509.Certificate) -> None:
    certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _extensions(certificate: x509.Certificate) -> None:
    list(certificate.extensions)


_FIELDS = (("names", _names), ("dates", _dates), ("key", _key), ("extensions", _extensions))
"""All that is ever asked of a certificate here; cryptography reads each only when it is asked."""
