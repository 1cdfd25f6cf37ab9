"""Sign a certificate anew with SHA-1, which cryptography rightly declines to do."""

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from pinprobe.x509 import asn1

RSA_SHA1 = bytes.fromhex("300d06092a864886f70d0101050500")
"""sha1WithRSAEncryption (RFC 4055, section 5) and ecdsa-with-SHA1 (RFC 3279, section 2.2.3), as AlgorithmIdentifier."""
ECDSA_SHA1 = bytes.fromhex("300906072a8648ce3d0401")
ALGORITHM_AT = 2
"""In a TBSCertificate with a version field, as every version 3 one has: version, serial number, algorithm."""


def signed_with_sha1(
    certificate: x509.Certificate, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    """The same certificate, but for the signature and its algorithm."""
    algorithm = RSA_SHA1 if isinstance(key, rsa.RSAPrivateKey) else ECDSA_SHA1
    fields = list(asn1.elements(asn1.content_of(certificate.tbs_certificate_bytes)))
    fields[ALGORITHM_AT] = algorithm
    signed = asn1.element(asn1.SEQUENCE, *fields)
    whole = asn1.element(asn1.SEQUENCE, signed, algorithm, asn1.bit_string(_signature(signed, key)))
    return x509.load_der_x509_certificate(whole)


def _signature(data: bytes, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    # SHA-1 is what the probe tests for; nothing rests on it.
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303
    return key.sign(data, ec.ECDSA(hashes.SHA1()))  # noqa: S303
