"""self_signed: right, but for who signed it."""

from tests.certificates import bench

from pinprobe.probes import SELF_SIGNED


def test_only_the_signer_is_wrong() -> None:
    minted = bench().mint(SELF_SIGNED)
    assert bench().complaints(minted) == ["self-signed certificate"]
    assert bench().complaints(minted, trusted=minted.leaf) == []


def test_its_key_is_not_the_one_of_the_installed_ca() -> None:
    """mitmproxy's leaves have the CA's own key: a client that knows that key would have reason to trust this one."""
    leaf = bench().mint(SELF_SIGNED).leaf
    assert leaf.subject == leaf.issuer == bench().material.normal.subject
    assert leaf.public_key() != bench().material.ca.public_key()
    leaf.verify_directly_issued_by(leaf)
