"""stuffed_chain_first: trusted_ca's very leaf, and genuine certificates that prove nothing about it."""

from tests.certificates import bench

from pinprobe.probes import STUFFED_CHAIN_FIRST


def test_the_leaf_is_the_one_of_trusted_ca() -> None:
    assert bench().mint(STUFFED_CHAIN_FIRST).leaf is bench().material.normal


def test_the_genuine_certificates_are_sent_along() -> None:
    assert bench().mint(STUFFED_CHAIN_FIRST).chain == (*bench().material.genuine, bench().material.ca)


def test_a_strict_verifier_that_looks_for_a_path_finds_nothing_wrong() -> None:
    assert bench().complaints(bench().mint(STUFFED_CHAIN_FIRST)) == []
