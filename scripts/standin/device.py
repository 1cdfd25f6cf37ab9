"""A device, as far as TLS cares: the set of CAs that its apps trust."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from standin.pki import Pki


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    trust: Path
    """PEM bundle. Every client reads it, the Java one too: one format, and no tool of the JDK."""
    trusts_proxy: bool

    @property
    def ca_store(self) -> str:
        """What `pinprobe_ca_store` is told: a tester installed the CA, but apps heed the system's only."""
        return "system" if self.trusts_proxy else "user"


def trusting(pki: Pki, proxy_ca: Path) -> Device:
    """The proxy's CA stands in the system store, beside the world's roots."""
    bundle = pki.folder / "trust-with-proxy.pem"
    pki.trust(bundle, *pki.roots, proxy_ca)
    return Device(trust=bundle, trusts_proxy=True)


def distrusting(pki: Pki) -> Device:
    """A device as it comes: the world's roots, and nothing of the proxy's."""
    bundle = pki.folder / "trust-world.pem"
    pki.trust(bundle, *pki.roots)
    return Device(trust=bundle, trusts_proxy=False)
