"""A key that is none: OpenSSL takes it, cryptography does not, and it signs nothing that verifies."""

from typing import Any

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_private_key
from OpenSSL import SSL, crypto
from tests.certificates import bench

from pinprobe.x509.draft import Authority, Draft
from pinprobe.x509.keyless import keyless_key
from pinprobe.x509.keys import PrivateKey

KEYS: dict[str, PrivateKey] = {
    "rsa 2048": rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "rsa 3072": rsa.generate_private_key(public_exponent=65537, key_size=3072),
    "p256": ec.generate_private_key(ec.SECP256R1()),
    "p384": ec.generate_private_key(ec.SECP384R1()),
}


def certificate_for(public: Any) -> x509.Certificate:
    draft = Draft.like(bench().material.genuine[0])
    other = Draft(subject=draft.subject, public_key=public, not_before=draft.not_before, not_after=draft.not_after)
    return other.issued_by(Authority.of(bench().material.ca, bench().material.ca_key))


@pytest.mark.parametrize("name", KEYS)
def test_openssl_takes_it_for_the_certificates_key(name: str) -> None:
    certificate = certificate_for(KEYS[name].public_key())
    key = crypto.load_privatekey(crypto.FILETYPE_ASN1, keyless_key(certificate))
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.use_certificate(certificate)
    library: Any = SSL._lib  # type: ignore[attr-defined]
    loaded: Any = key
    assert library.SSL_CTX_use_PrivateKey(context._context, loaded._pkey) == 1
    context.check_privatekey()


@pytest.mark.parametrize("name", KEYS)
def test_two_are_never_alike_and_neither_is_the_real_one(name: str) -> None:
    certificate = certificate_for(KEYS[name].public_key())
    assert keyless_key(certificate) != keyless_key(certificate)


@pytest.mark.parametrize("name", KEYS)
def test_cryptography_notices_or_cannot_sign_with_it(name: str) -> None:
    real = KEYS[name]
    blob = keyless_key(certificate_for(real.public_key()))
    try:
        loaded = load_der_private_key(blob, None)
    except ValueError:
        return
    with pytest.raises((ValueError, InvalidSignature)):
        verify(real.public_key(), loaded)


def verify(public: Any, loaded: Any) -> None:
    if isinstance(public, rsa.RSAPublicKey):
        signature = loaded.sign(b"data", padding.PKCS1v15(), hashes.SHA256())
        public.verify(signature, b"data", padding.PKCS1v15(), hashes.SHA256())
    else:
        signature = loaded.sign(b"data", ec.ECDSA(hashes.SHA256()))
        public.verify(signature, b"data", ec.ECDSA(hashes.SHA256()))


@pytest.mark.parametrize(
    "public",
    [ed25519.Ed25519PrivateKey.generate().public_key(), ec.generate_private_key(ec.SECP521R1()).public_key()],
    ids=["ed25519", "p521"],
)
def test_other_kinds_are_declined(public: Any) -> None:
    with pytest.raises(ValueError, match="only RSA, P-256 and P-384"):
        keyless_key(certificate_for(public))
