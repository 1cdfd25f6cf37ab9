"""A private key that has none: the genuine public half beside random numbers.

OpenSSL's loader accepts it, and signs with it; the signature is bogus. So a genuine chain can be shown without its
key, a client can say what it thinks of the chain, and no handshake can complete. cryptography's own loader checks
that both halves belong together, so the key exists as bytes only, for OpenSSL to load.
"""

import secrets

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from pinprobe.x509 import asn1

CURVES: dict[str, bytes] = {
    "secp256r1": bytes.fromhex("2a8648ce3d030107"),
    "secp384r1": bytes.fromhex("2b81040022"),
}
"""Contents of the object identifiers (RFC 5480, section 2.1.1.1) of the curves that TLS stacks all know."""


def keyless_key(certificate: x509.Certificate) -> bytes:
    """DER of an RSAPrivateKey (RFC 8017, A.1.2) or ECPrivateKey (RFC 5915) whose private half is random.

    Raises ValueError for other kinds of keys.
    """
    public = certificate.public_key()
    if isinstance(public, rsa.RSAPublicKey):
        return _rsa(public)
    if isinstance(public, ec.EllipticCurvePublicKey) and public.curve.name in CURVES:
        return _ec(public)
    raise ValueError("only RSA, P-256 and P-384 keys can be imitated")


def _rsa(public: rsa.RSAPublicKey) -> bytes:
    numbers = public.public_numbers()
    bits = public.key_size
    exponent = _odd(bits - 1)
    # Moduli for the Chinese remainder theorem must be odd; nothing else is asked of them.
    halves = [_odd(bits // 2) for _ in range(2)]
    rest = [_odd(bits // 2 - 1) for _ in range(3)]
    return asn1.element(
        asn1.SEQUENCE,
        *(asn1.integer(value) for value in (0, numbers.n, numbers.e, exponent, *halves, *rest)),
    )


def _odd(bits: int) -> int:
    """A random odd number of exactly so many bits."""
    return secrets.randbits(bits) | 1 << (bits - 1) | 1


def _ec(public: ec.EllipticCurvePublicKey) -> bytes:
    # One bit less than the curve has: surely below the order of its group.
    private = _odd(public.key_size - 1).to_bytes(public.key_size // 8, "big")
    point = public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return asn1.element(
        asn1.SEQUENCE,
        asn1.integer(1),
        asn1.element(asn1.OCTET_STRING, private),
        asn1.explicit(0, asn1.element(asn1.OBJECT_IDENTIFIER, CURVES[public.curve.name])),
        asn1.explicit(1, asn1.bit_string(point)),
    )
