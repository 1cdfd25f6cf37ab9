"""trusted_ca: mitmproxy's own leaf, untouched."""

from tests.certificates import bench

from pinprobe.probes import TRUSTED_CA


def test_it_is_the_leaf_that_mitmproxy_would_serve() -> None:
    minted = bench().mint(TRUSTED_CA)
    assert TRUSTED_CA.plain
    assert minted.leaf is bench().material.normal
    assert minted.key is bench().material.normal_key
    assert minted.chain == ()


def test_a_strict_verifier_finds_nothing_wrong() -> None:
    assert bench().complaints(bench().mint(TRUSTED_CA)) == []
