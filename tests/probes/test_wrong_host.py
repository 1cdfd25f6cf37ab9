"""wrong_host: right, but for another host."""

from tests.certificates import HOST, bench

from pinprobe import x509
from pinprobe.probes import WRONG_HOST
from pinprobe.x509.issuers import OTHER_HOST


def test_only_the_name_is_wrong() -> None:
    minted = bench().mint(WRONG_HOST)
    assert bench().complaints(minted) == ["hostname mismatch"]
    assert bench().complaints(minted, host=OTHER_HOST) == []


def test_the_right_name_stands_nowhere_in_it() -> None:
    leaf = bench().mint(WRONG_HOST).leaf
    assert x509.names(leaf) == {OTHER_HOST}
    assert HOST.encode() not in x509.der(leaf)
