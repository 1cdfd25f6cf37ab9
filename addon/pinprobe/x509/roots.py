"""Which authorities plain devices trust: a bundle of roots, mitmproxy's own or the user's."""

import re
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Self

import certifi
from cryptography import x509
from cryptography.utils import CryptographyDeprecationWarning

from pinprobe.x509.oddity import oddity

_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


class Roots:
    """Trust anchors, found by name."""

    def __init__(self, certificates: Iterable[x509.Certificate], *, public: bool) -> None:
        """`public`: these are the web's, whose leaves carry SCTs. A lab's own roots log nowhere."""
        self.public = public
        self._by_name: dict[x509.Name, list[x509.Certificate]] = {}
        self._all = frozenset(kept := list(certificates))
        for certificate in kept:
            self._by_name.setdefault(certificate.subject, []).append(certificate)

    @classmethod
    def from_pem(cls, pem: bytes, *, public: bool) -> Self:
        """Read a bundle. Raises ValueError where it holds no certificate; single odd ones are left out."""
        certificates = list(_readable(pem))
        if not certificates:
            raise ValueError("no certificate in PEM form (-----BEGIN CERTIFICATE-----) was found")
        return cls(certificates, public=public)

    @classmethod
    def read(cls, bundle: Path | None) -> Self:
        """The roots of a file; without one those that mitmproxy brings, which stand for the web's.

        Raises OSError or ValueError for a file that is none.
        """
        return cls.from_pem((bundle or Path(certifi.where())).read_bytes(), public=bundle is None)

    def named(self, name: x509.Name) -> list[x509.Certificate]:
        """The roots of this name."""
        return self._by_name.get(name, [])

    def __contains__(self, certificate: object) -> bool:
        """Whether this very certificate is among them."""
        return certificate in self._all

    def __len__(self) -> int:
        return len(self._all)


def _readable(pem: bytes) -> Iterable[x509.Certificate]:
    # Some old roots have a serial number of zero or less, over which cryptography warns, and will raise one day.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        for block in _PEM.findall(pem):
            try:
                certificate = x509.load_pem_x509_certificate(block)
            except (ValueError, x509.InvalidVersion):
                continue
            if not oddity((certificate,)):
                yield certificate
