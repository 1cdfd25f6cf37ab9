"""wrong_purpose: right, but meant for clients."""

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from tests.certificates import bench, extension

from pinprobe.probes import WRONG_PURPOSE


def test_only_the_purpose_is_wrong() -> None:
    minted = bench().mint(WRONG_PURPOSE)
    assert bench().complaints(minted) == ["unsuitable certificate purpose"]
    purpose = extension(minted.leaf, x509.ExtendedKeyUsage)
    assert purpose == x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])


def test_with_the_purpose_put_right_nothing_is_wrong() -> None:
    """-purpose any: the last one given counts."""
    assert bench().complaints(bench().mint(WRONG_PURPOSE), "-purpose", "any") == []
