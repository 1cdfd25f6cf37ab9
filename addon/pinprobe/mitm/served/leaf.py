"""A certificate ready to be served, and the genuine chains that some are made with."""

from dataclasses import dataclass
from typing import Self

from pinprobe import x509


@dataclass(frozen=True, slots=True, kw_only=True)
class Chains:
    """Genuine chains, leaf first, that a plan may want."""

    genuine: tuple[x509.X509, ...] = ()
    """The host's own. Certificates appended to it, such as its root, are sent along by stuffed plans."""
    replay: tuple[x509.X509, ...] = ()
    """Another host's, chosen for replay_sibling or replay_foreign."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A certificate with its key and chain, and what is asked about it each time."""

    certificate: x509.X509
    key: x509.PrivateKey | None
    keyless: bytes | None
    """What OpenSSL takes for the key of a genuine certificate (DER), where `key` is None."""
    chain: tuple[x509.X509, ...]
    """What is sent after it."""
    sha256: str
    digest: bytes
    """The same as pyOpenSSL writes it, to compare with what is really served."""
    pin_sha256: str
    der_bytes: int
    names: frozenset[str]

    @classmethod
    def of(cls, minted: x509.Minted) -> Self:
        """Everything that can be known ahead."""
        certificate = minted.leaf
        digest = x509.sha256_with_colons(certificate)
        return cls(
            certificate=certificate,
            key=minted.key,
            keyless=minted.keyless,
            chain=minted.chain,
            sha256=digest.decode("ascii").replace(":", "").lower(),
            digest=digest,
            pin_sha256=x509.pin_sha256(certificate),
            der_bytes=len(x509.der(certificate)),
            names=x509.names(certificate),
        )
