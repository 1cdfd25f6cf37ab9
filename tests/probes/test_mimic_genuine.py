"""mimic_genuine: all that can be copied without the genuine keys."""

import dataclasses

import pytest
from cryptography import x509
from tests.certificates import NOW, bench, extension, key_bits

from pinprobe.probes import MIMIC_GENUINE
from pinprobe.x509 import Unservable, mint


def test_a_strict_verifier_finds_nothing_wrong() -> None:
    minted = bench().mint(MIMIC_GENUINE)
    assert bench().complaints(minted) == []
    assert bench().complaints(minted, host="www.example.com") == []


def test_what_a_client_could_look_at_is_the_genuine_leafs() -> None:
    leaf, genuine = bench().mint(MIMIC_GENUINE).leaf, bench().material.genuine[0]
    assert leaf.subject == genuine.subject
    assert leaf.issuer == genuine.issuer
    assert (leaf.not_valid_before_utc, leaf.not_valid_after_utc) == (
        genuine.not_valid_before_utc,
        genuine.not_valid_after_utc,
    )
    assert key_bits(leaf) == key_bits(genuine) == ("ec", 256)
    for kind in (x509.SubjectAlternativeName, x509.CertificatePolicies, x509.KeyUsage, x509.ExtendedKeyUsage):
        assert extension(leaf, kind) == extension(genuine, kind) is not None


def test_what_would_not_fit_our_key_is_left_out() -> None:
    leaf, genuine = bench().mint(MIMIC_GENUINE).leaf, bench().material.genuine[0]
    assert leaf.public_key() != genuine.public_key()
    assert leaf.serial_number != genuine.serial_number
    for kind in (x509.PrecertificateSignedCertificateTimestamps, x509.AuthorityInformationAccess):
        assert extension(genuine, kind) is not None
        assert extension(leaf, kind) is None
    assert extension(leaf, x509.SubjectKeyIdentifier) == x509.SubjectKeyIdentifier.from_public_key(
        bench().mint(MIMIC_GENUINE).key.public_key()  # type: ignore[union-attr]
    )


def test_the_intermediate_bears_the_genuine_issuers_name_and_validity() -> None:
    (intermediate,) = bench().mint(MIMIC_GENUINE).chain
    genuine = bench().material.genuine[1]
    assert intermediate.subject == genuine.subject
    assert intermediate.not_valid_after_utc == genuine.not_valid_after_utc
    assert intermediate.issuer == bench().material.ca.subject
    assert key_bits(intermediate) == key_bits(genuine)


def test_it_needs_a_genuine_leaf_with_an_issuer() -> None:
    nothing = dataclasses.replace(bench().material, genuine=())
    with pytest.raises(Unservable, match="not known yet"):
        mint(MIMIC_GENUINE, nothing, bench().keys, NOW)
    itself = dataclasses.replace(bench().material, genuine=(bench().pki.root.certificate,))
    with pytest.raises(Unservable, match="signed by itself"):
        mint(MIMIC_GENUINE, itself, bench().keys, NOW)


def test_a_ca_that_may_not_issue_intermediates_cannot_imitate() -> None:
    intermediate = bench().pki.intermediate_a
    small = dataclasses.replace(bench().material, ca=intermediate.certificate, ca_key=intermediate.key)
    with pytest.raises(Unservable, match="path length is 0"):
        mint(MIMIC_GENUINE, small, bench().keys, NOW)
