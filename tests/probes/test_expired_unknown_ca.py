"""expired_unknown_ca: two things wrong, to be compared with one."""

from tests.certificates import bench

from pinprobe.probes import EXPIRED, EXPIRED_UNKNOWN_CA, UNKNOWN_CA


def test_it_is_untrusted() -> None:
    assert bench().complaints(bench().mint(EXPIRED_UNKNOWN_CA)) == ["unable to get local issuer certificate"]


def test_it_ended_when_expired_did_and_is_of_the_same_ca_as_unknown_ca() -> None:
    leaf = bench().mint(EXPIRED_UNKNOWN_CA).leaf
    expired = bench().mint(EXPIRED).leaf
    assert (leaf.not_valid_before_utc, leaf.not_valid_after_utc) == (
        expired.not_valid_before_utc,
        expired.not_valid_after_utc,
    )
    assert leaf.issuer == bench().mint(UNKNOWN_CA).leaf.issuer
