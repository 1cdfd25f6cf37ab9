"""What is read off a certificate."""

import base64
import hashlib
from contextlib import suppress

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import InvalidVersion, load_der_x509_certificate
from tests.certificates import HOST, bench

from pinprobe import x509
from pinprobe.x509.facts import LONGEST_NAME, is_ca


def test_the_pin_is_what_openssl_computes() -> None:
    leaf = bench().material.genuine[0]
    spki = leaf.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert x509.pin_sha256(leaf) == base64.b64encode(hashlib.sha256(spki).digest()).decode()
    assert x509.pin_sha256(leaf) != x509.pin_sha256(bench().material.genuine[1])


def test_digests_in_both_spellings() -> None:
    leaf = bench().material.normal
    plain = hashlib.sha256(x509.der(leaf)).hexdigest()
    assert x509.sha256_hex(leaf) == plain
    assert x509.sha256_with_colons(leaf).decode().replace(":", "").lower() == plain


def test_names_are_hosts_and_addresses() -> None:
    assert x509.names(bench().material.genuine[0]) == {HOST, "www.example.com"}
    assert x509.names(bench().material.ca) == frozenset()
    (leaf,) = (bench().pki.leaf(["127.0.0.1", "Caps.Example"]).certificate,)
    assert x509.names(leaf) == {"127.0.0.1", "caps.example"}


def test_facts_for_reports() -> None:
    leaf, intermediate = bench().material.genuine
    facts = x509.facts(leaf)
    assert facts.subject == f"CN={HOST}"
    assert facts.issuer == x509.facts(intermediate).subject
    assert facts.pin_sha256 == x509.pin_sha256(leaf)
    assert facts.not_after_s == leaf.not_valid_after_utc.timestamp()
    assert not facts.is_ca
    assert is_ca(intermediate)
    assert not is_ca(bench().material.normal)


class Odd:
    """A certificate that cannot be read."""

    def __getattr__(self, name: str) -> object:
        raise ValueError(name)


def test_odd_certificates_give_empty_facts() -> None:
    facts = x509.facts(Odd())  # type: ignore[arg-type]
    assert (facts.subject, facts.issuer, facts.pin_sha256, facts.not_before_s, facts.is_ca) == ("", "", "", 0.0, False)
    assert LONGEST_NAME > 64


@pytest.mark.filterwarnings("ignore:Parsed a:cryptography.utils.CryptographyDeprecationWarning")
def test_no_certificate_that_can_be_loaded_is_too_odd() -> None:
    """Every byte changed in turn: odd names, extensions twice, times that are none."""
    loaded = 0
    whole = x509.der(bench().material.genuine[0])
    for at in range(len(whole)):
        for change in (0x01, 0xFF):
            mangled = bytearray(whole)
            mangled[at] ^= change
            with suppress(ValueError, InvalidVersion):
                certificate = load_der_x509_certificate(bytes(mangled))
                loaded += 1
                assert isinstance(x509.facts(certificate).subject, str)
                assert x509.names(certificate) is not None
    assert loaded > len(whole)
