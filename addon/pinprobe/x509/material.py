"""What a probe's certificate is made from, and what comes out."""

from dataclasses import dataclass

from cryptography import x509

from pinprobe.probes import CertificatePlan
from pinprobe.x509.keys import PrivateKey


class Unservable(ValueError):
    """This plan cannot be carried out with what is at hand; the message says what is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What a certificate is made from."""

    normal: x509.Certificate
    """The leaf that mitmproxy would serve, and its key."""
    normal_key: PrivateKey
    ca: x509.Certificate
    ca_key: PrivateKey
    ca_chain: tuple[x509.Certificate, ...]
    """The proxy's CA, and what stands above it where it is an intermediate."""
    genuine: tuple[x509.Certificate, ...] = ()
    """The host's own chain, leaf first."""
    replay: tuple[x509.Certificate, ...] = ()
    """Another host's chain, leaf first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Minted:
    """What is served: a leaf, its key, and what is sent after it."""

    leaf: x509.Certificate
    key: PrivateKey | None
    """None for a genuine leaf: then `keyless` holds what OpenSSL takes for its key."""
    keyless: bytes | None = None
    chain: tuple[x509.Certificate, ...] = ()


def lacking(plan: CertificatePlan, material: Material) -> str | None:
    """What has to be known before this plan can be carried out; None if nothing is."""
    if not plan.intercepts:
        return "a relay shows no certificate of ours"
    if plan.needs_genuine and not material.genuine:
        return "the host's own chain is not known yet"
    if plan.needs_replay and not material.replay:
        return "no chain of another host was chosen"
    return None
