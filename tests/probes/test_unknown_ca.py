"""unknown_ca: right, but for who issued it."""

from cryptography import x509
from tests.certificates import bench

from pinprobe.probes import UNKNOWN_CA


def test_only_the_issuer_is_wrong() -> None:
    assert bench().complaints(bench().mint(UNKNOWN_CA)) == ["unable to get local issuer certificate"]


def test_it_is_the_normal_leaf_but_for_the_issuer() -> None:
    leaf, normal = bench().mint(UNKNOWN_CA).leaf, bench().material.normal
    assert leaf.issuer != normal.issuer
    assert leaf.subject == normal.subject
    assert leaf.public_key() == normal.public_key()
    assert (leaf.not_valid_before_utc, leaf.not_valid_after_utc) == (
        normal.not_valid_before_utc,
        normal.not_valid_after_utc,
    )
    kept = [one for one in leaf.extensions if not isinstance(one.value, x509.AuthorityKeyIdentifier)]
    assert kept == [one for one in normal.extensions if not isinstance(one.value, x509.AuthorityKeyIdentifier)]


def test_it_is_one_and_the_same_ca_for_the_session() -> None:
    first, second = bench().mint(UNKNOWN_CA).leaf, bench().mint(UNKNOWN_CA).leaf
    assert first.issuer == second.issuer
    assert first.serial_number != second.serial_number
