"""Which chains may be replayed, and the words for those that may not."""

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from tests.certificates import NOW, Chain, as_public_cas_issue, bench, load

from pinprobe.x509 import Roots, Unfit, why_not
from pinprobe.x509.draft import Authority, Draft

PKI = bench().pki
OURS = [PKI.root.certificate, PKI.other_root.certificate]
PUBLIC, PRIVATE = Roots(OURS, public=True), Roots(OURS, public=False)
LEAF, INTERMEDIATE = bench().material.genuine
PLAIN = load(PKI.leaf(["plain.example"]))
"""As a lab's own CA issues it: without SCTs."""


def with_key(public: Any) -> Chain:
    draft = dataclasses.replace(Draft.like(LEAF), public_key=public)
    return (draft.issued_by(Authority.of(INTERMEDIATE, PKI.intermediate_a.key)), INTERMEDIATE)


def rsa_key(bits: int) -> Any:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits).public_key()


def test_a_public_chain_in_good_order_may_be_used() -> None:
    assert why_not((LEAF, INTERMEDIATE), PUBLIC, NOW) is None
    assert why_not((LEAF, INTERMEDIATE), PRIVATE, NOW) is None


REFUSED: dict[str, tuple[Callable[[], Chain], Unfit, str, bool]] = {
    # chain, reason, words, whether its own host may still be shown it
    "nothing": (lambda: (), Unfit.EMPTY, "no certificate", False),
    "expired": (
        lambda: load(PKI.leaf(["old.example"], expired=True)),
        Unfit.EXPIRED,
        "“CN=old.example” expired on",
        False,
    ),
    "a short RSA key": (lambda: with_key(rsa_key(1024)), Unfit.KEY, "1024 bits, fewer than 2048", False),
    "another curve": (
        lambda: with_key(ec.generate_private_key(ec.SECP521R1()).public_key()),
        Unfit.KEY,
        "neither RSA nor on P-256 or P-384",
        False,
    ),
    "must-staple": (
        lambda: (as_public_cas_issue(PKI, LEAF, x509.TLSFeature([x509.TLSFeatureType.status_request])), INTERMEDIATE),
        Unfit.MUST_STAPLE,
        "must-staple",
        False,
    ),
    "its issuer is missing": (lambda: (LEAF,), Unfit.INCOMPLETE, "was neither sent nor", True),
    "a root of its own": (
        lambda: (bench().material.ca,),
        Unfit.NOT_TRUSTED,
        "not among the 2 trusted roots",
        True,
    ),
    "no SCTs": (lambda: PLAIN, Unfit.NO_SCTS, "Certificate Transparency", True),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_the_reason(name: str) -> None:
    chain, unfit, words, own = REFUSED[name]
    reason = why_not(chain(), PUBLIC, NOW)
    assert reason is not None
    assert reason.unfit is unfit
    assert words in reason.text
    assert (why_not(chain(), PUBLIC, NOW, own=True) is None) is own


def test_not_yet_valid() -> None:
    reason = why_not((LEAF, INTERMEDIATE), PUBLIC, NOW - dt.timedelta(days=400))
    assert reason is not None
    assert reason.unfit is Unfit.NOT_YET_VALID


def test_a_labs_own_roots_ask_for_no_scts() -> None:
    assert why_not(PLAIN, PRIVATE, NOW) is None


def test_the_age_of_a_sent_root_does_not_matter() -> None:
    """Clients take the root from their own store."""
    later = INTERMEDIATE.not_valid_after_utc - dt.timedelta(days=1)
    old = dataclasses.replace(Draft.like(PKI.root.certificate), not_after=later - dt.timedelta(days=1))
    old_root = old.issued_by(Authority.of(PKI.root.certificate, PKI.root.key))
    draft = dataclasses.replace(Draft.like(LEAF), not_after=INTERMEDIATE.not_valid_after_utc)
    leaf = draft.issued_by(Authority.of(INTERMEDIATE, PKI.intermediate_a.key))
    assert why_not((leaf, INTERMEDIATE, old_root), Roots([old_root], public=True), later) is None


def test_a_certificate_that_cannot_be_read() -> None:
    odd = as_public_cas_issue(PKI, LEAF, x509.UnrecognizedExtension(x509.TLSFeature.oid, b"\x04\x03odd"))
    reason = why_not((odd, INTERMEDIATE), PUBLIC, NOW)
    assert reason is not None
    assert reason.unfit is Unfit.UNREADABLE
