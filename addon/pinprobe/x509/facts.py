"""What is asked of a certificate: names, pins, digests, and the facts that reports show."""

import hashlib
from base64 import b64encode
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from pinprobe.events import Certificate
from pinprobe.x509.oddity import names_too_long

X509 = x509.Certificate
"""A certificate object, for annotations elsewhere."""
_ODD = Exception
"""What cryptography raises for fields that are not there or are no valid ones: among others KeyError and TypeError, for a
name's odd string types, and whatever the next release adds."""


def pin_sha256(certificate: x509.Certificate) -> str:
    """Base64 SHA-256 of the SubjectPublicKeyInfo's DER (RFC 7469, section 2.4)."""
    spki = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return b64encode(hashlib.sha256(spki).digest()).decode("ascii")


def sha256_hex(certificate: x509.Certificate) -> str:
    """Hex SHA-256 of the certificate's DER."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def sha256_with_colons(certificate: x509.Certificate) -> bytes:
    """The same, as pyOpenSSL's `X509.digest` writes it."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper().encode("ascii")


def facts(certificate: x509.Certificate) -> Certificate:
    """What judging and reports need of a certificate. Never raises: odd fields become empty ones."""
    return Certificate(
        subject=_name(certificate, "subject"),
        issuer=_name(certificate, "issuer"),
        pin_sha256=_pin_or_nothing(certificate),
        not_before_s=_time(certificate, "not_valid_before_utc"),
        not_after_s=_time(certificate, "not_valid_after_utc"),
        is_ca=is_ca(certificate),
    )


def names(certificate: x509.Certificate) -> frozenset[str]:
    """Host names and addresses of the subjectAltName (RFC 5280, section 4.2.1.6), lower case."""
    try:
        san = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except _ODD:
        return frozenset()
    hosts = san.get_values_for_type(x509.DNSName)
    addresses = san.get_values_for_type(x509.IPAddress)
    return frozenset([host.lower() for host in hosts] + [str(address) for address in addresses])


LONGEST_NAME = 512


def _name(certificate: x509.Certificate, which: str) -> str:
    try:
        if names_too_long(certificate):
            return ""
        name: x509.Name = getattr(certificate, which)
        return name.rfc4514_string()[:LONGEST_NAME]
    except _ODD:
        return ""


def _time(certificate: x509.Certificate, which: str) -> float:
    try:
        moment: datetime = getattr(certificate, which)
        return moment.timestamp()
    except _ODD:
        return 0.0


def _pin_or_nothing(certificate: x509.Certificate) -> str:
    try:
        return pin_sha256(certificate)
    except _ODD:
        return ""  # a key type that this cryptography does not know


def is_ca(certificate: x509.Certificate) -> bool:
    """Whether it may issue others (basicConstraints)."""
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except _ODD:
        return False


def der(certificate: x509.Certificate) -> bytes:
    """The certificate's DER."""
    return certificate.public_bytes(Encoding.DER)
