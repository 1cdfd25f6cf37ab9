"""Which key is pinned, whatever the server sends."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.advice.made import CHAIN, ISSUING, LEAF, ROOT, certificate, chain, issued_under, pin_of_text, real

from pinprobe.advice import Chain, Role, issued_by
from pinprobe.advice.issuers import LEAF_ONLY, NEVER_REACHED, NO_ISSUER, SELF_SIGNED

UPPER = certificate("upper", "root")


def pins(*chains: Chain) -> tuple[list[str], list[str], str]:
    found = issued_by(chains)
    return [pin.subject[3:] for pin in found.issuers], [pin.subject[3:] for pin in found.roots], found.why_not


@pytest.mark.parametrize(
    ("served", "issuers", "roots"),
    [
        (CHAIN, ["issuing"], ["root"]),
        (chain(LEAF, ISSUING, ROOT), ["issuing"], ["root"]),
        (chain(LEAF, ISSUING), ["issuing"], []),
        (chain(LEAF, replace(ISSUING, issuer="CN=upper"), UPPER, root=ROOT), ["issuing"], ["root"]),
        (chain(LEAF, UPPER, replace(ISSUING, issuer="CN=upper"), ROOT), ["issuing"], ["root"]),
        (chain(replace(LEAF, issuer="CN=root"), root=ROOT), ["root"], []),
        (chain(replace(LEAF, issuer="CN=root"), ROOT), ["root"], []),
        (chain(LEAF, certificate("stray", "nobody"), ISSUING, root=ROOT), ["issuing"], ["root"]),
        (chain(LEAF, ISSUING, certificate("issuing", "root", key="second"), root=ROOT), ["issuing", "issuing"], ["root"]),
        (chain(LEAF, ISSUING, replace(ISSUING, issuer="CN=cross"), root=ROOT), ["issuing"], ["root"]),
    ],
    ids=["usual", "root sent", "root unknown", "two intermediates", "out of order", "root issues", "root issues and is sent",
         "stray certificate", "one name, two keys", "cross-signed"],
)  # fmt: skip
def test_the_issuer_is_pinned(served: Chain, issuers: list[str], roots: list[str]) -> None:
    assert pins(served) == (issuers, roots, "")


@pytest.mark.parametrize(
    ("chains", "why"),
    [
        ([], NEVER_REACHED),
        ([chain()], NEVER_REACHED),
        ([chain(LEAF)], LEAF_ONLY),
        ([chain(replace(LEAF, issuer=LEAF.subject))], SELF_SIGNED),
        ([chain(replace(LEAF, issuer=LEAF.subject, is_ca=True), root=replace(LEAF, is_ca=True))], SELF_SIGNED),
        ([chain(LEAF, UPPER)], NO_ISSUER),
        ([chain(LEAF, replace(ISSUING, is_ca=False))], NO_ISSUER),
        ([chain(LEAF, replace(ISSUING, pin_sha256=""))], NO_ISSUER),
        ([chain(replace(LEAF, issuer=""), replace(ISSUING, subject=""))], NO_ISSUER),
    ],
)
def test_where_there_is_none_it_says_why(chains: list[Chain], why: str) -> None:
    assert pins(*chains) == ([], [], why)


def test_all_intermediates_of_a_rotating_server_are_pinned() -> None:
    assert pins(CHAIN, issued_under("other"), chain(LEAF)) == (["issuing", "other"], ["root", "other root"], "")


def test_a_root_that_issues_elsewhere_is_no_backup() -> None:
    assert pins(CHAIN, chain(replace(LEAF, issuer="CN=root"), root=ROOT)) == (["issuing", "root"], [], "")


def test_a_circle_of_authorities_ends() -> None:
    one, two = certificate("issuing", "two"), certificate("two", "issuing")
    assert pins(chain(LEAF, one, two)) == (["issuing"], [], "")


def test_real_chains_give_the_pins_that_openssl_computes() -> None:
    found = real()
    for number, one in ((0, found.served[0]), (1, found.served[2])):
        issued = issued_by(one.chains)
        assert [pin.pin_sha256 for pin in issued.issuers] == [found.issuer_pins[number]]
        assert [pin.pin_sha256 for pin in issued.roots] == [found.root_pins[number]]
        assert issued.issuers[0].role is Role.ISSUER and issued.roots[0].role is Role.ROOT


NAMES = st.sampled_from(["leaf", "issuing", "root", "upper", ""])


@given(
    st.lists(
        st.builds(
            lambda name, issuer, ca, key: replace(certificate(name, issuer, is_ca=ca, key=key), pin_sha256=key),
            NAMES, NAMES, st.booleans(), st.sampled_from(["", "no pin", *map(pin_of_text, "abc")]),
        ),
        max_size=5,
    )
)  # fmt: skip
def test_any_chain_gives_issuers_or_a_reason(certificates: list[object]) -> None:
    found = issued_by([Chain(certificates=tuple(certificates), root=None)])  # type: ignore[arg-type]
    assert bool(found.issuers) is not bool(found.why_not)
    assert not {pin.pin_sha256 for pin in found.issuers} & {pin.pin_sha256 for pin in found.roots}
