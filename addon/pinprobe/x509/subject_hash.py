"""The name of a CA's file in Android's stores: OpenSSL's old hash of its subject."""

import hashlib

from cryptography import x509

from pinprobe.x509.asn1 import content_of, elements

VERSION = 0xA0
"""Tag of the version, which certificates of version 1 lack."""


def subject_hash_old(certificate: x509.Certificate) -> str:
    """Eight hex digits, as `openssl x509 -subject_hash_old` prints them.

    They are the first four bytes of MD5 over the subject's DER, read as a little-endian number. Leading zeros belong
    to it: Android looks for a file of exactly this name.
    """
    fields = list(elements(content_of(certificate.tbs_certificate_bytes)))
    # version, serialNumber, signature, issuer, validity, subject (RFC 5280, section 4.1); as it stands in the
    # certificate, since writing it anew could choose other string types.
    subject = fields[5 if fields[0][0] == VERSION else 4]
    digest = hashlib.md5(subject, usedforsecurity=False).digest()
    return f"{int.from_bytes(digest[:4], 'little'):08x}"
