"""The table of plans, and what a plan says of itself."""

import dataclasses

import pytest

from pinprobe.probes import BY_ID, PROBES, RELAY, STANDARD, TRUSTED_CA, CertificatePlan, Family, Issuer, Key


def test_ids_are_unique_and_lead_to_their_plans() -> None:
    assert len(BY_ID) == len(PROBES)
    assert all(BY_ID[plan.id] is plan for plan in PROBES)


@pytest.mark.parametrize("plan", PROBES, ids=lambda plan: plan.id)
def test_every_plan_has_the_sentences_that_a_report_needs(plan: CertificatePlan) -> None:
    assert plan.title
    assert not plan.title.endswith(".")
    assert plan.shows.endswith(".")
    assert plan.passing_means.endswith(".")


def test_standard_is_the_documented_set() -> None:
    assert [plan.id for plan in STANDARD] == ["self_signed", "unknown_ca", "wrong_host", "expired", "stuffed_chain"]


def test_what_a_plan_is_made_of_tells_whether_a_client_may_accept_it() -> None:
    for plan in PROBES:
        harmless = plan.family in {Family.INTERCEPTION, Family.CONTROL, Family.STUFFED}
        assert plan.nobody_should_accept is not (harmless or plan.id == "mimic_genuine"), plan.id


def test_only_what_is_not_relayed_is_intercepted() -> None:
    assert {plan.id for plan in PROBES if not plan.intercepts} == {"relay", "relay_delayed"}
    assert all(plan.family is Family.CONTROL for plan in PROBES if not plan.intercepts)


def test_a_key_that_is_none_goes_with_a_genuine_certificate_only() -> None:
    for plan in PROBES:
        assert (plan.key is Key.NONE) is (plan.replays is not None), plan.id
        if plan.key is Key.NONE:
            assert plan.issuer is Issuer.SERVER


def test_plain_is_what_mitmproxy_does() -> None:
    assert [plan for plan in PROBES if plan.plain] == [TRUSTED_CA]
    assert not dataclasses.replace(TRUSTED_CA, key=Key.OWN).plain
    assert not RELAY.plain
