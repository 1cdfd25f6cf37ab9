"""From a served chain to the root it ends in, by names and signatures."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from pinprobe.x509.facts import is_ca
from pinprobe.x509.oddity import oddity
from pinprobe.x509.roots import Roots

Certificates = tuple[x509.Certificate, ...]

PATHS_TRIED = 100
"""Of a chain that was made to have more, by authorities that sign each other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """Certificates that issue one another, leaf first."""

    certificates: Certificates
    """Without the root, unless the server sent it."""
    root: x509.Certificate | None
    """The trusted root that it ends in, if it does."""

    @property
    def whole(self) -> Certificates:
        """With the root."""
        if self.root is None or self.root == self.certificates[-1]:
            return self.certificates
        return (*self.certificates, self.root)


def issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether the names fit and the signature is right."""
    if certificate.issuer != issuer.subject:
        return False
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False
    return True


def path_of(chain: Certificates, roots: Roots) -> Path:
    """The shortest way to a trusted root, else the longest way that there is. No certificate may have an oddity."""
    paths = list(islice(_paths((chain[0],), chain[1:], roots), PATHS_TRIED))
    complete = [path for path in paths if path.root is not None]
    if complete:
        return min(complete, key=lambda path: len(path.whole))
    return max(paths, key=lambda path: len(path.certificates))


def completed(chain: Certificates, roots: Roots) -> Certificates:
    """The chain as it was sent, and after it the root that it ends in, where that is known and was not sent."""
    if not chain or oddity(chain):
        return chain
    root = path_of(chain, roots).root
    return chain if root is None or root in chain else (*chain, root)


def _paths(so_far: Certificates, others: Iterable[x509.Certificate], roots: Roots) -> Iterator[Path]:
    last = so_far[-1]
    if last in roots:
        yield Path(certificates=so_far, root=last)
        return
    for root in roots.named(last.issuer):
        if issued(last, root):
            yield Path(certificates=so_far, root=root)
    yield Path(certificates=so_far, root=None)
    for number, other in enumerate(rest := list(others)):
        if is_ca(other) and other != last and issued(last, other):
            yield from _paths((*so_far, other), rest[:number] + rest[number + 1 :], roots)
