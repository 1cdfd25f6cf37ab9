"""sha1_signature: right, but for the digest that was signed."""

from cryptography.x509.oid import SignatureAlgorithmOID
from tests.certificates import bench

from pinprobe.probes import SHA1_SIGNATURE


def test_only_the_digest_is_too_weak() -> None:
    minted = bench().mint(SHA1_SIGNATURE)
    assert bench().complaints(minted, "-auth_level", "2") == ["CA signature digest algorithm too weak"]
    assert bench().complaints(minted, "-auth_level", "0") == []


def test_the_rest_is_the_normal_leafs() -> None:
    leaf, normal = bench().mint(SHA1_SIGNATURE).leaf, bench().material.normal
    assert leaf.signature_algorithm_oid == SignatureAlgorithmOID.RSA_WITH_SHA1
    assert leaf.subject == normal.subject
    assert leaf.public_key() == normal.public_key()
    assert list(leaf.extensions) == list(normal.extensions)
