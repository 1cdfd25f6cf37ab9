"""From plans to certificates: the tables are whole, and a minted leaf differs in one thing only."""

import dataclasses

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ed25519
from tests.certificates import NOW, bench, extension

from pinprobe.probes import (
    EXPIRED,
    PROBES,
    REPLAY_GENUINE,
    SELF_SIGNED,
    TRUSTED_CA,
    UNKNOWN_CA,
    CertificatePlan,
    Issuer,
    Key,
    Model,
    Names,
    Purpose,
    Signature,
    Stuffing,
    Validity,
)
from pinprobe.x509 import Unservable, mint
from pinprobe.x509.draft import Authority, Draft
from pinprobe.x509.minting import CHAINS, KEYS, MODELS, NAMES, PURPOSES, VALIDITIES

MINTED = [plan for plan in PROBES if plan.intercepts and plan.mints and plan.key is not Key.NONE]


def test_every_word_of_a_plan_is_in_its_table() -> None:
    assert set(MODELS) == set(Model)
    assert set(KEYS) == set(Key) - {Key.NONE}
    assert set(NAMES) == set(Names)
    assert set(VALIDITIES) == set(Validity)
    assert set(PURPOSES) == set(Purpose)
    assert set(CHAINS) == set(Stuffing)


@pytest.mark.parametrize("plan", MINTED, ids=lambda plan: plan.id)
def test_the_key_is_the_leafs_and_the_signature_the_issuers(plan: CertificatePlan) -> None:
    minted = bench().mint(plan)
    assert minted.key is not None
    assert minted.key.public_key() == minted.leaf.public_key()
    # cryptography itself does not verify SHA-1; OpenSSL does, in that probe's own test.
    if plan.issuer is Issuer.PROXY_CA and plan.signature is not Signature.SHA1:
        minted.leaf.verify_directly_issued_by(bench().material.ca)


@pytest.mark.parametrize("plan", [p for p in MINTED if p.model is Model.NORMAL], ids=lambda plan: plan.id)
def test_no_extension_is_added_to_the_normal_leaf(plan: CertificatePlan) -> None:
    normal = {one.oid for one in bench().material.normal.extensions}
    minted = {one.oid for one in bench().mint(plan).leaf.extensions}
    assert minted <= normal
    assert normal - minted <= {x509.AuthorityKeyIdentifier.oid}


def test_mitmproxys_revocation_list_stays_only_where_its_ca_signs() -> None:
    point = x509.DistributionPoint([x509.UniformResourceIdentifier("http://a.test/b.crl")], None, None, None)
    draft = Draft.like(bench().material.normal).but(x509.CRLDistributionPoints([point]))
    normal = draft.issued_by(Authority.of(bench().material.ca, bench().material.ca_key))
    material = dataclasses.replace(bench().material, normal=normal)
    kept = {
        plan.id: extension(mint(plan, material, bench().keys, NOW).leaf, x509.CRLDistributionPoints) is not None
        for plan in (TRUSTED_CA, EXPIRED, UNKNOWN_CA, SELF_SIGNED)
    }
    assert kept == {"trusted_ca": True, "expired": True, "unknown_ca": False, "self_signed": False}


def test_the_same_words_give_the_same_certificate_but_for_its_number() -> None:
    first, second = bench().mint(EXPIRED).leaf, bench().mint(EXPIRED).leaf
    assert Draft.like(first) == Draft.like(second)


def test_a_genuine_leaf_with_an_odd_key_cannot_be_replayed() -> None:
    draft = dataclasses.replace(
        Draft.like(bench().material.genuine[0]), public_key=ed25519.Ed25519PrivateKey.generate().public_key()
    )
    odd = draft.issued_by(Authority.of(bench().material.ca, bench().material.ca_key))
    with pytest.raises(Unservable, match="only RSA"):
        mint(REPLAY_GENUINE, dataclasses.replace(bench().material, genuine=(odd,)), bench().keys, NOW)
