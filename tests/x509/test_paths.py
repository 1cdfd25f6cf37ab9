"""Paths from a served chain to a root."""

from tests.certificates import bench

from pinprobe.probes import LEAF_AS_CA
from pinprobe.x509.draft import Authority, Draft
from pinprobe.x509.paths import completed, issued, path_of
from pinprobe.x509.roots import Roots

PKI = bench().pki
ROOTS = Roots([PKI.root.certificate, PKI.other_root.certificate], public=False)


def test_a_chain_is_completed_from_the_bundle() -> None:
    path = path_of(bench().material.genuine, ROOTS)
    assert path.root == PKI.root.certificate
    assert path.whole == (*bench().material.genuine, PKI.root.certificate)


def test_a_root_that_was_sent_stands_once() -> None:
    path = path_of((*bench().material.genuine, PKI.root.certificate), ROOTS)
    assert path.whole == (*bench().material.genuine, PKI.root.certificate)


def test_order_and_strangers_do_not_matter() -> None:
    leaf, intermediate = bench().material.genuine
    mixed = (leaf, PKI.other_intermediate.certificate, PKI.root.certificate, intermediate)
    assert path_of(mixed, ROOTS).root == PKI.root.certificate


def test_what_is_missing_ends_the_path() -> None:
    leaf, intermediate = bench().material.genuine
    assert path_of((leaf,), ROOTS).root is None
    assert path_of((leaf,), ROOTS).whole == (leaf,)
    assert path_of((leaf, intermediate), Roots([PKI.other_root.certificate], public=False)).whole == (
        leaf,
        intermediate,
    )


def test_an_issuer_is_known_by_signature_and_not_by_name_alone() -> None:
    leaf, intermediate = bench().material.genuine
    assert issued(leaf, intermediate)
    assert not issued(leaf, PKI.intermediate_b.certificate)
    assert not issued(intermediate, leaf)


def test_a_leaf_is_nobodys_issuer() -> None:
    """The chain of leaf_as_ca leads nowhere, although its signatures are right."""
    minted = bench().mint(LEAF_AS_CA)
    path = path_of((minted.leaf, *minted.chain), Roots([bench().material.ca], public=False))
    assert path.root is None
    assert path.certificates == (minted.leaf,)


def test_a_chain_as_sent_with_its_root_after_it() -> None:
    chain, root = bench().material.genuine, PKI.root.certificate
    assert completed(chain, ROOTS) == (*chain, root)
    assert completed((*chain, root), ROOTS) == (*chain, root)
    assert completed(chain[:1], ROOTS) == chain[:1]


def test_authorities_that_sign_each_other_cost_no_time() -> None:
    """Twelve certificates of one name and key issue one another in any order."""
    authority = Authority.of(PKI.intermediate_a.certificate, PKI.intermediate_a.key)
    crowd = tuple(Draft.like(PKI.intermediate_a.certificate).issued_by(authority) for _ in range(12))
    assert path_of((bench().material.genuine[0], *crowd), ROOTS).root is None
