"""What another host's chain is to this host's: the same, of the same CA, or of another."""

from cryptography import x509
from cryptography.x509.oid import NameOID

from pinprobe.probes import Relation
from pinprobe.x509.facts import pin_sha256
from pinprobe.x509.paths import issued, path_of
from pinprobe.x509.roots import Roots

Certificates = tuple[x509.Certificate, ...]


def relation(host: Certificates, other: Certificates, roots: Roots) -> Relation:
    """What the other chain is to the host's own. Neither may be empty, or have an oddity.

    In doubt it is a cousin, which no reading uses: a foreign chain that shared a pinned CA after all would make a
    pinned client look unpinned. So common keys, names or organisations among the authorities all rule foreign out,
    and the issuing key has to be known, from a certificate, to make a sibling.
    """
    if pin_sha256(host[0]) == pin_sha256(other[0]):
        return Relation.GENUINE
    issuing = issuing_pin(host, roots)
    if issuing is not None and issuing == issuing_pin(other, roots):
        return Relation.SIBLING
    return Relation.COUSIN if marks(host, roots) & marks(other, roots) else Relation.FOREIGN


def issuing_pin(chain: Certificates, roots: Roots) -> str | None:
    """pin_sha256 of the key that issued the leaf; None where its certificate is not at hand."""
    path = path_of(chain, roots).whole
    return pin_sha256(path[1]) if len(path) > 1 else None


def marks(chain: Certificates, roots: Roots) -> frozenset[str]:
    """By what the authorities of a chain can be known: everything sent, and every root that vouches for any of it."""
    vouching = [root for one in chain for root in roots.named(one.issuer) if issued(one, root)]
    authorities = [*chain[1:], *vouching]
    names = [chain[0].issuer, *(name for one in authorities for name in (one.subject, one.issuer))]
    keys = (f"key {pin_sha256(one)}" for one in authorities)
    organisations = (
        f"organisation {str(attribute.value).lower()}"
        for name in names
        for attribute in name.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    )
    return frozenset([*keys, *(f"name {name.rfc4514_string()}" for name in names), *organisations])
