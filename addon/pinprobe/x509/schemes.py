"""Can a key sign for this client at all? It says in its ClientHello which signatures it understands."""

from collections.abc import Collection

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

RSA_PSS = frozenset({0x0804, 0x0805, 0x0806})
"""SignatureScheme numbers of RFC 8446, section 4.2.3: with a common RSA key."""
RSA_PKCS1 = frozenset({0x0401, 0x0501, 0x0601})
"""Only up to TLS 1.2."""
ECDSA = frozenset({0x0403, 0x0503, 0x0603})
"""On any curve in TLS 1.2, each on its own curve in TLS 1.3."""
ECDSA_ON = {"secp256r1": frozenset({0x0403}), "secp384r1": frozenset({0x0503})}


def can_sign(certificate: x509.Certificate, offered: Collection[int], *, tls13: bool) -> bool:
    """Whether the key of this certificate can make a signature that the client offers to check.

    A hello without the extension (`offered` is empty) is one of TLS 1.2 that leaves it to the server.
    """
    public = certificate.public_key()
    if isinstance(public, rsa.RSAPublicKey):
        usable = RSA_PSS if tls13 else RSA_PSS | RSA_PKCS1
    elif isinstance(public, ec.EllipticCurvePublicKey):
        usable = ECDSA_ON.get(public.curve.name, frozenset()) if tls13 else ECDSA
    else:
        return False
    return (not offered and not tls13) or not usable.isdisjoint(offered)
