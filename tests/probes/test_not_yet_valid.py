"""not_yet_valid: right, but too early."""

import datetime as dt

from tests.certificates import NOW, bench

from pinprobe.probes import NOT_YET_VALID


def test_only_the_time_is_wrong() -> None:
    minted = bench().mint(NOT_YET_VALID)
    assert bench().complaints(minted) == ["certificate is not yet valid"]
    assert bench().complaints(minted, at=minted.leaf.not_valid_before_utc + dt.timedelta(days=1)) == []


def test_it_begins_in_five_years() -> None:
    assert bench().mint(NOT_YET_VALID).leaf.not_valid_before_utc > NOW + dt.timedelta(days=5 * 365)
