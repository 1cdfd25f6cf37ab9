"""Certificates with a field that cannot be read: it is said which, and nothing is built on them."""

from __future__ import annotations

import warnings
from dataclasses import replace

import pytest
from cryptography import x509 as library
from tests.certificates import NOW, bench, pem

from pinprobe import x509
from pinprobe.probes import MIMIC_GENUINE, PROBES, CertificatePlan
from pinprobe.x509.oddity import LONGEST_NAME_BYTES, names_too_long
from stressing.fuzz import chains
from stressing.fuzz.der import Element
from stressing.fuzz.odd_servers import ODD, Change, leaf

GENUINE = bench().material.genuine


def no_point(tbs: list[Element]) -> None:
    tbs[6].parts[1].content = b"\0\x04" + b"\xff" * 64


def unknown_key(tbs: list[Element]) -> None:
    tbs[6].parts[0].parts[0].content = b"\x2a\x03\x04"


FIELDS: dict[str, tuple[Change, str]] = {
    "a name of bits": (ODD["bit-string.test"], "names"),
    "a name of 64 KB": (ODD["long-subject.test"], "names"),
    "an extension twice": (ODD["doubled-extension.test"], "extensions"),
    "broken names of hosts": (ODD["broken-names.test"], "extensions"),
    "no point of the curve": (no_point, "key"),
    "a key of an unknown kind": (unknown_key, "key"),
}
READABLE = ("negative-serial.test", "long-serial.test", "nul-name.test")


def odd(change: Change | None) -> library.Certificate:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return library.load_der_x509_certificate(leaf("odd.test", change))


def material_with(genuine: library.Certificate) -> x509.Material:
    return replace(bench().material, genuine=(genuine,))


@pytest.mark.parametrize(("change", "field"), FIELDS.values(), ids=FIELDS.keys())
def test_the_field_is_named_and_nothing_is_built_on_it(change: Change, field: str) -> None:
    one = odd(change)
    try:
        x509.facts(one)
    except Exception as error:  # the very promise of facts
        pytest.fail(f"facts of an odd certificate: {error}")
    assert x509.oddity((one,)) == f"the {field} of certificate 1 cannot be read"
    assert x509.oddity((*GENUINE, one)) == f"the {field} of certificate 3 cannot be read"
    roots = x509.Roots([chains.root()], public=False)
    assert x509.completed((one,), roots) == (one,), "though a root has the name of its issuer"
    assert one not in roots
    for own in (False, True):
        reason = x509.why_not((one,), roots, NOW, own=own)
        assert reason is not None and reason.unfit is x509.Unfit.UNREADABLE and field in reason.text


@pytest.mark.parametrize("name", READABLE)
def test_what_is_only_strange_can_be_read(name: str) -> None:
    assert x509.oddity((odd(ODD[name]),)) == ""


def test_usual_ones_have_none() -> None:
    assert x509.oddity(()) == ""
    assert x509.oddity((*GENUINE, *bench().material.replay, bench().material.normal, bench().material.ca)) == ""
    assert x509.oddity((odd(None),)) == ""


@pytest.mark.parametrize("plan", [plan for plan in PROBES if plan.needs_genuine], ids=lambda plan: plan.id)
@pytest.mark.parametrize(("change", "field"), FIELDS.values(), ids=FIELDS.keys())
def test_no_probe_is_made_from_it(plan: CertificatePlan, change: Change, field: str) -> None:
    with pytest.raises(x509.Unservable, match=f"the {field} of certificate 1"):
        x509.mint(plan, material_with(odd(change)), bench().keys, NOW)


def test_a_certificate_that_ends_before_it_begins_is_not_imitated() -> None:
    """It can be read, and cryptography refuses to sign its like."""
    backwards = odd(lambda tbs: tbs[4].parts.reverse())
    assert x509.oddity((backwards,)) == ""
    with pytest.raises(x509.Unservable, match="cannot be signed"):
        x509.mint(MIMIC_GENUINE, material_with(backwards), bench().keys, NOW)


def test_long_names_are_told_by_their_bytes() -> None:
    fits = library.Name(
        [library.NameAttribute(library.NameOID.ORGANIZATIONAL_UNIT_NAME, "x" * (LONGEST_NAME_BYTES - 40))]
    )
    longer = library.Name([library.NameAttribute(library.NameOID.ORGANIZATIONAL_UNIT_NAME, "x" * LONGEST_NAME_BYTES)])
    assert not names_too_long(chains.certificate(fits, fits))
    assert names_too_long(chains.certificate(longer, chains.ROOT))
    assert names_too_long(chains.certificate(chains.ROOT, longer))
    assert x509.facts(chains.certificate(longer, chains.ROOT)).subject == ""


def test_a_bundle_of_roots_leaves_it_out() -> None:
    bundle = pem(odd(ODD["bit-string.test"]), chains.root())
    assert len(x509.Roots.from_pem(bundle, public=False)) == 1
