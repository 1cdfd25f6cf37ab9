"""Chains in PEM files, one after another."""

import pytest
from tests.certificates import bench, pem

from pinprobe.x509 import chains_in_pem

OWN, OTHER = bench().material.genuine, bench().material.replay


def test_every_leaf_begins_a_new_chain() -> None:
    text = b"first\n" + pem(*OWN) + b"\nsecond\n" + pem(*OTHER)
    assert chains_in_pem(text) == [OWN, OTHER]


def test_a_leaf_without_basic_constraints_is_a_leaf() -> None:
    normal = bench().material.normal
    assert chains_in_pem(pem(*OWN, normal)) == [OWN, (normal,)]


def test_a_file_of_authorities_alone_is_one_chain() -> None:
    authorities = OWN[1:] + OTHER[1:]
    assert chains_in_pem(pem(*authorities)) == [authorities]


@pytest.mark.parametrize("text", [b"", b"words", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_a_file_without_a_readable_certificate_is_an_error(text: bytes) -> None:
    with pytest.raises(ValueError):
        chains_in_pem(text)
