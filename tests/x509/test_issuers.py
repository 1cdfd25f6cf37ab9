"""Who issues: one function per word, each with what it sends along."""

import dataclasses

from cryptography import x509
from tests.certificates import bench, extension, load

from pinprobe.probes import Issuer
from pinprobe.x509.issuers import ISSUERS


def test_every_word_that_asks_for_minting_has_an_issuer() -> None:
    assert set(ISSUERS) == set(Issuer) - {Issuer.SERVER}


def test_the_root_is_not_sent() -> None:
    assert ISSUERS[Issuer.PROXY_CA](bench().material, bench().keys).sent == ()


def test_a_proxy_ca_that_is_an_intermediate_is_sent_with_all_that_it_issues() -> None:
    """As a company's own CA for the proxy would be."""
    intermediate = bench().pki.intermediate_a
    material = dataclasses.replace(
        bench().material,
        ca=intermediate.certificate,
        ca_key=intermediate.key,
        ca_chain=(*load(intermediate), bench().pki.root.certificate),
    )
    for word in (Issuer.PROXY_CA, Issuer.LEAF):
        assert ISSUERS[word](material, bench().keys).sent[-1] == intermediate.certificate


def test_the_unknown_ca_is_the_same_for_the_whole_session_and_like_no_other() -> None:
    authority = ISSUERS[Issuer.UNKNOWN_CA](bench().material, bench().keys)
    assert authority.name == ISSUERS[Issuer.UNKNOWN_CA](bench().material, bench().keys).name
    assert authority.key.public_key() != bench().material.ca_key.public_key()
    (common,) = authority.name
    assert str(common.value).startswith("unknown CA ")


def test_only_a_leaf_that_signs_itself_has_no_authority() -> None:
    for word, issuer in ISSUERS.items():
        assert (issuer(bench().material, bench().keys).key_id is None) is (word is Issuer.ITSELF)


def test_an_imitated_issuer_takes_the_leafs_validity_where_its_own_certificate_was_not_sent() -> None:
    material = dataclasses.replace(bench().material, genuine=bench().material.genuine[:1])
    (intermediate,) = ISSUERS[Issuer.GENUINE_NAME](material, bench().keys).sent
    assert intermediate.not_valid_after_utc == material.genuine[0].not_valid_after_utc
    assert extension(intermediate, x509.BasicConstraints) == x509.BasicConstraints(ca=True, path_length=0)
