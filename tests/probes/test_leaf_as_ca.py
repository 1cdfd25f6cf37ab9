"""leaf_as_ca: right, but for what its issuer may do."""

from cryptography import x509
from tests.certificates import bench, extension

from pinprobe.probes import LEAF_AS_CA
from pinprobe.x509 import Minted
from pinprobe.x509.issuers import OTHER_HOST

NO_CA = {
    "invalid CA certificate",
    "unsuitable certificate purpose",
    "key usage does not include certificate signing",
}
"""Three words of OpenSSL's for one thing: the issuer may not issue."""


def test_only_the_issuers_right_to_issue_is_missing() -> None:
    complaints = bench().complaints(bench().mint(LEAF_AS_CA))
    assert "invalid CA certificate" in complaints
    assert set(complaints) <= NO_CA


def test_the_issuer_is_itself_a_right_leaf_of_the_trusted_ca() -> None:
    minted = bench().mint(LEAF_AS_CA)
    (issuer,) = minted.chain
    assert bench().complaints(Minted(leaf=issuer, key=None), host=OTHER_HOST) == []
    assert extension(issuer, x509.BasicConstraints) == x509.BasicConstraints(ca=False, path_length=None)
    minted.leaf.verify_directly_issued_by(issuer)


def test_the_issuers_key_is_not_the_installed_cas() -> None:
    (issuer,) = bench().mint(LEAF_AS_CA).chain
    assert issuer.public_key() != bench().material.ca.public_key()
