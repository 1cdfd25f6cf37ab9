"""A draft: a copy with changes, and what issuing adds."""

import pytest
from cryptography import x509
from tests.certificates import bench, extension

from pinprobe.x509.draft import Authority, Draft, authority_key_id


@pytest.fixture
def authority() -> Authority:
    return Authority.of(bench().material.ca, bench().material.ca_key)


def test_a_copy_issued_again_differs_in_number_and_signature_only(authority: Authority) -> None:
    model = bench().material.normal
    copy = Draft.like(model).issued_by(authority)
    assert copy.serial_number != model.serial_number
    assert Draft.like(copy) == Draft.like(model)
    copy.verify_directly_issued_by(bench().material.ca)


def test_a_changed_extension_keeps_its_place_and_its_criticality() -> None:
    draft = Draft.like(bench().material.genuine[0])
    places = [one.oid for one in draft.extensions]
    usage = next(one for one in draft.extensions if isinstance(one.value, x509.BasicConstraints))
    changed = draft.but(x509.BasicConstraints(ca=True, path_length=None))
    assert [one.oid for one in changed.extensions] == places
    assert usage.critical
    assert next(one for one in changed.extensions if one.oid == usage.oid).critical


def test_key_identifiers_follow_the_keys(authority: Authority) -> None:
    certificate = Draft.like(bench().material.genuine[0]).issued_by(authority)
    assert extension(certificate, x509.AuthorityKeyIdentifier) == authority_key_id(bench().material.ca)
    public = bench().material.genuine[0].public_key()
    own = x509.SubjectKeyIdentifier.from_public_key(public)
    assert extension(certificate, x509.SubjectKeyIdentifier) == own


def test_a_leaf_without_an_identifier_of_its_own_gets_none(authority: Authority) -> None:
    """Where CA and leaf share a key, equal identifiers confuse some stacks (mitmproxy leaves it out as well)."""
    assert extension(Draft.like(bench().material.normal).issued_by(authority), x509.SubjectKeyIdentifier) is None


def test_an_issuer_without_an_identifier_is_known_by_its_key() -> None:
    model = bench().material.normal
    assert extension(model, x509.SubjectKeyIdentifier) is None
    by_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(bench().material.ca_key.public_key())
    assert authority_key_id(model) == by_key


def test_what_signs_itself_names_no_authority() -> None:
    alone = Authority(name=x509.Name([]), key=bench().material.ca_key, key_id=None)
    certificate = Draft.like(bench().material.normal).issued_by(alone)
    assert extension(certificate, x509.AuthorityKeyIdentifier) is None
