"""What a probe is: who issues the certificate that an attempt is shown, and what passing it means."""

from dataclasses import dataclass
from enum import StrEnum


class Issuer(StrEnum):
    """Who signs the leaf."""

    PROXY_CA = "proxy_ca"
    """mitmproxy's own CA, the one that the user installed."""
    UNKNOWN_CA = "unknown_ca"
    """A CA made for this session, that nobody can trust."""
    SERVER = "server"
    """The server's own chain, untouched: nothing is intercepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificatePlan:
    """One probe, as data."""

    id: str
    title: str
    issuer: Issuer
    passing_means: str
    """Of a client that sends data under it."""
