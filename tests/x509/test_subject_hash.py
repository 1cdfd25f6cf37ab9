"""The name of a CA's file, held against OpenSSL's own."""

from __future__ import annotations

import datetime as dt
import subprocess

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.certificates import new_ca, pem

from pinprobe.x509 import subject_hash_old

KEY = ec.generate_private_key(ec.SECP256R1())
TEXT = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40
)


def certificate(*attributes: x509.NameAttribute) -> x509.Certificate:
    name = x509.Name(attributes)
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "another")]))
        .public_key(KEY.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=1))
        .sign(KEY, hashes.SHA256())
    )


def by_openssl(one: x509.Certificate) -> str:
    command = ["openssl", "x509", "-subject_hash_old", "-noout"]
    return subprocess.run(command, input=pem(one), capture_output=True, check=True).stdout.decode().strip()


def common_name(text: str, kind: x509.name._ASN1Type = x509.name._ASN1Type.UTF8String) -> x509.NameAttribute:
    return x509.NameAttribute(NameOID.COMMON_NAME, text, _type=kind)


def test_a_leading_zero_belongs_to_the_name() -> None:
    one = certificate(common_name("t18"))
    assert subject_hash_old(one) == by_openssl(one) == "0194d4d7"


def test_mitmproxys_own() -> None:
    """With the organisation that its CAs have, in their order."""
    one = certificate(common_name("mitmproxy"), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "mitmproxy"))
    assert subject_hash_old(one) == by_openssl(one) == "c8750f0d"
    _, other = new_ca()
    assert subject_hash_old(other) == by_openssl(other)


@pytest.mark.parametrize("kind", [x509.name._ASN1Type.PrintableString, x509.name._ASN1Type.UTF8String])
def test_the_name_is_taken_as_it_is_written(kind: x509.name._ASN1Type) -> None:
    one = certificate(common_name("Plain", kind))
    assert subject_hash_old(one) == by_openssl(one)


@settings(max_examples=20)
@given(st.lists(TEXT, min_size=1, max_size=3))
def test_any_name(texts: list[str]) -> None:
    units = [x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, text) for text in texts]
    one = certificate(*units)
    assert subject_hash_old(one) == by_openssl(one)
