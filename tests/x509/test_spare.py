"""Keys for later, and the pins of keys that are there: as OpenSSL sees them."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tests.advice.made import openssl, openssl_pin

from pinprobe.x509 import new_spare_key, pin_of_key
from standin.pki import Pki


def test_a_new_key_is_what_openssl_takes() -> None:
    pem = new_spare_key()
    assert pem.startswith(b"-----BEGIN PRIVATE KEY-----")
    assert b"prime256v1" in openssl(["pkey", "-noout", "-text"], pem)
    spki = openssl(["pkey", "-pubout", "-outform", "DER"], pem)
    assert pin_of_key(pem) == base64.b64encode(openssl(["dgst", "-sha256", "-binary"], spki)).decode()
    assert new_spare_key() != pem


def test_public_keys_and_certificates_have_the_same_pin(tmp_path_factory: pytest.TempPathFactory) -> None:
    one = Pki(tmp_path_factory.mktemp("pki")).root
    public = one.key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    assert {pin_of_key(given) for given in (one.chain_path.read_bytes(), one.key_path.read_bytes(), public)} == {
        openssl_pin(one.certificate)
    }


def test_a_key_behind_a_password_is_refused_with_what_to_give() -> None:
    encrypted = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"secret"),
    )
    with pytest.raises(ValueError, match="protected by a password: give its public key, or its pin"):
        pin_of_key(encrypted)


@pytest.mark.parametrize(
    "text", [b"", b"mine", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", b"\xff"]
)
def test_what_is_no_key(text: bytes) -> None:
    with pytest.raises(ValueError, match="no private key, public key or certificate"):
        pin_of_key(text)
