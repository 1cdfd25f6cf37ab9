"""What one chain is to another."""

import dataclasses

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from tests.certificates import Chain, bench, load

from pinprobe.probes import Relation
from pinprobe.x509 import Roots, issuing_pin, marks, pin_sha256, relation
from pinprobe.x509.draft import Authority, Draft

PKI = bench().pki
ROOTS = Roots([PKI.root.certificate, PKI.other_root.certificate], public=False)
HOST = bench().material.genuine
SIBLING = load(PKI.leaf(["sibling.example"]))
COUSIN = load(PKI.leaf(["cousin.example"], issuer=PKI.intermediate_b))
FOREIGN = bench().material.replay


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (HOST, Relation.GENUINE),
        (HOST[:1], Relation.GENUINE),
        (SIBLING, Relation.SIBLING),
        (COUSIN, Relation.COUSIN),
        (FOREIGN, Relation.FOREIGN),
    ],
    ids=["itself", "itself without its issuer", "same issuer", "same root", "nothing in common"],
)
def test_relations(other: Chain, expected: Relation) -> None:
    assert relation(HOST, other, ROOTS) is expected
    assert relation(other, HOST, ROOTS) is expected


def test_a_root_in_common_is_found_though_neither_sends_it() -> None:
    assert relation(HOST, COUSIN, ROOTS) is Relation.COUSIN
    assert marks(HOST, ROOTS) & marks(COUSIN, ROOTS)


def test_without_the_issuers_certificate_it_is_never_a_sibling() -> None:
    """A name proves no key; but it is reason enough not to call the chain foreign."""
    assert issuing_pin(SIBLING[:1], ROOTS) is None
    assert relation(HOST, SIBLING[:1], ROOTS) is Relation.COUSIN


def test_a_leaf_under_a_root_of_the_bundle_knows_its_issuer() -> None:
    assert issuing_pin(load(PKI.leaf(["short.example"], issuer=PKI.root)), ROOTS) == pin_sha256(PKI.root.certificate)


def test_another_root_of_the_same_organisation_is_not_foreign() -> None:
    """Apps that pin a CA often pin all of its roots."""

    def of_an_organisation(chain: Chain, key_of: str, name: str) -> Chain:
        signer = getattr(PKI, key_of)
        subject = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, name)])
        issuer = dataclasses.replace(Draft.like(chain[1]), subject=subject)
        root = PKI.root if key_of == "intermediate_a" else PKI.other_root
        above = issuer.issued_by(Authority.of(root.certificate, root.key))
        return (Draft.like(chain[0]).issued_by(Authority.of(above, signer.key)), above)

    ours = of_an_organisation(HOST, "intermediate_a", "Example Trust")
    theirs = of_an_organisation(FOREIGN, "other_intermediate", "EXAMPLE TRUST")
    strangers = of_an_organisation(FOREIGN, "other_intermediate", "Other Trust")
    assert relation(ours, theirs, ROOTS) is Relation.COUSIN
    assert relation(ours, strangers, ROOTS) is Relation.FOREIGN


def test_another_leaf_with_the_same_key_is_the_hosts_own() -> None:
    renewed = Draft.like(HOST[0]).issued_by(
        Authority.of(PKI.other_intermediate.certificate, PKI.other_intermediate.key)
    )
    assert relation(HOST, (renewed, PKI.other_intermediate.certificate), ROOTS) is Relation.GENUINE
