"""weak_key: right, but for the key's length."""

from tests.certificates import bench, key_bits

from pinprobe.probes import WEAK_KEY


def test_only_the_key_is_too_weak() -> None:
    minted = bench().mint(WEAK_KEY)
    assert bench().complaints(minted, "-auth_level", "2") == ["EE certificate key too weak"]
    assert bench().complaints(minted, "-auth_level", "0") == []
    assert key_bits(minted.leaf) == ("rsa", 1024)


def test_openssl_must_be_told_to_serve_it() -> None:
    assert WEAK_KEY.needs_weak_crypto
