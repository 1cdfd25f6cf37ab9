"""expired: right, but long over."""

import datetime as dt

from tests.certificates import NOW, bench

from pinprobe.probes import EXPIRED


def test_only_the_time_is_wrong() -> None:
    minted = bench().mint(EXPIRED)
    assert bench().complaints(minted) == ["certificate has expired"]
    assert bench().complaints(minted, at=minted.leaf.not_valid_after_utc - dt.timedelta(days=1)) == []


def test_it_ended_five_years_ago_or_more() -> None:
    leaf, normal = bench().mint(EXPIRED).leaf, bench().material.normal
    assert leaf.not_valid_after_utc < NOW - dt.timedelta(days=5 * 366)
    assert (
        leaf.not_valid_after_utc - leaf.not_valid_before_utc == normal.not_valid_after_utc - normal.not_valid_before_utc
    )
