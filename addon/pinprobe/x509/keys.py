"""The private keys of one session, each made once, ahead of the handshake that wants it."""

import threading
from collections.abc import Callable
from enum import StrEnum

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
"""The kinds that certificates here are signed with."""


class Kind(StrEnum):
    """What a key is made of."""

    RSA_1024 = "rsa_1024"
    RSA_2048 = "rsa_2048"
    P256 = "p256"
    P384 = "p384"


class Use(StrEnum):
    """What a key is for: no two uses share one."""

    UNKNOWN_CA = "unknown_ca"
    OWN = "own"
    """A leaf's that is not to have mitmproxy's key."""
    ISSUING = "issuing"
    """That of the certificate between the proxy's CA and the leaf."""


MAKERS: dict[Kind, Callable[[], PrivateKey]] = {
    Kind.RSA_1024: lambda: rsa.generate_private_key(public_exponent=65537, key_size=1024),  # noqa: S505  # weak_key
    Kind.RSA_2048: lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
    Kind.P256: lambda: ec.generate_private_key(ec.SECP256R1()),
    Kind.P384: lambda: ec.generate_private_key(ec.SECP384R1()),
}

SLOW: tuple[tuple[Use, Kind], ...] = (
    (Use.UNKNOWN_CA, Kind.RSA_2048),
    (Use.OWN, Kind.RSA_2048),
    (Use.ISSUING, Kind.RSA_2048),
    (Use.OWN, Kind.RSA_1024),
)
"""Worth making ahead: each takes up to a few tenths of a second. Keys on curves take less than a millisecond."""


def kind_like(public: CertificatePublicKeyTypes) -> Kind:
    """The kind of key that comes closest.

    RSA above 2048 bits is not followed: no client is known to ask for the size, and 4096 bits take seconds.
    """
    if isinstance(public, rsa.RSAPublicKey):
        return Kind.RSA_2048
    if isinstance(public, ec.EllipticCurvePublicKey) and public.curve.name == "secp384r1":
        return Kind.P384
    return Kind.P256


class Keys:
    """Makes each key when it is first asked for, and keeps it. Safe to use from two threads."""

    def __init__(self) -> None:
        self._made: dict[tuple[Use, Kind], PrivateKey] = {}
        self._lock = threading.Lock()

    def prepare(self) -> None:
        """Make the slow ones ahead; may run in a thread."""
        for use, kind in SLOW:
            self.of(use, kind)

    def of(self, use: Use, kind: Kind) -> PrivateKey:
        """The key of this use and kind."""
        with self._lock:
            if (use, kind) not in self._made:
                self._made[use, kind] = MAKERS[kind]()
            return self._made[use, kind]
