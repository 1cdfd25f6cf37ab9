"""The little DER that is written and read here, held against cryptography's."""

import pytest
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from tests.certificates import bench

from pinprobe import x509
from pinprobe.x509 import asn1


@pytest.mark.parametrize("value", [0, 1, 127, 128, 255, 256, 2**255, 2**256 - 1, 2**2048 + 1])
def test_integers_and_lengths(value: int) -> None:
    ours = asn1.element(asn1.SEQUENCE, asn1.integer(value), asn1.integer(1))
    assert ours == encode_dss_signature(value, 1)


def test_a_certificate_taken_apart_and_put_together_is_the_same() -> None:
    whole = x509.der(bench().material.normal)
    parts = list(asn1.elements(asn1.content_of(whole)))
    assert len(parts) == 3
    assert asn1.element(asn1.SEQUENCE, *parts) == whole


def test_a_bit_string_begins_with_the_count_of_unused_bits() -> None:
    assert asn1.bit_string(b"ab") == b"\x03\x03\0ab"


def test_explicit_tags() -> None:
    assert asn1.explicit(1, asn1.integer(5)) == bytes.fromhex("a103020105")
