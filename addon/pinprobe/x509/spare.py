"""A key for later: made now, kept offline, and pinned as the backup. And the pin of a key that is there already."""

import hashlib
from base64 import b64encode

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from pinprobe.x509.facts import pin_sha256


def new_spare_key() -> bytes:
    """A private key on P-256, as PEM in PKCS #8, without a password."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def pin_of_key(pem: bytes) -> str:
    """The pin of a private key, a public key or a certificate in PEM form. Raises ValueError, which says what is wrong."""
    try:
        if b"-----BEGIN CERTIFICATE-----" in pem:
            return pin_sha256(x509.load_pem_x509_certificate(pem))
        if b"-----BEGIN PUBLIC KEY-----" in pem:
            public = load_pem_public_key(pem)
        else:
            public = load_pem_private_key(pem, password=None).public_key()
    except TypeError:
        raise ValueError("it is protected by a password: give its public key, or its pin") from None
    except Exception as error:
        raise ValueError("no private key, public key or certificate in PEM form") from error
    spki = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return b64encode(hashlib.sha256(spki).digest()).decode("ascii")
