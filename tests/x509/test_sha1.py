"""The SHA-1 signature, checked by OpenSSL and by cryptography's key."""

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import SignatureAlgorithmOID
from tests.certificates import bench

from pinprobe.x509.keys import PrivateKey
from pinprobe.x509.sha1 import signed_with_sha1

RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
EC = ec.generate_private_key(ec.SECP256R1())


@pytest.mark.parametrize(
    ("key", "oid"),
    [(RSA, SignatureAlgorithmOID.RSA_WITH_SHA1), (EC, SignatureAlgorithmOID.ECDSA_WITH_SHA1)],
    ids=["rsa", "ec"],
)
def test_the_signature_is_right(key: PrivateKey, oid: object) -> None:
    model = bench().material.normal
    certificate = signed_with_sha1(model, key)
    assert certificate.signature_algorithm_oid == oid
    assert certificate.serial_number == model.serial_number
    assert list(certificate.extensions) == list(model.extensions)
    public = key.public_key()
    signed, signature = certificate.tbs_certificate_bytes, certificate.signature
    if isinstance(public, rsa.RSAPublicKey):
        public.verify(signature, signed, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303
    else:
        public.verify(signature, signed, ec.ECDSA(hashes.SHA1()))  # noqa: S303
