"""What a plan lacks before it can be carried out."""

import dataclasses

import pytest
from tests.certificates import bench

from pinprobe.probes import PROBES, CertificatePlan
from pinprobe.x509 import lacking

INTERCEPTING = [plan for plan in PROBES if plan.intercepts]


@pytest.mark.parametrize("plan", INTERCEPTING, ids=lambda plan: plan.id)
def test_with_both_chains_nothing_is_missing(plan: CertificatePlan) -> None:
    assert lacking(plan, bench().material) is None


@pytest.mark.parametrize("plan", INTERCEPTING, ids=lambda plan: plan.id)
def test_without_chains_those_that_need_one_say_so(plan: CertificatePlan) -> None:
    bare = dataclasses.replace(bench().material, genuine=(), replay=())
    assert (lacking(plan, bare) is not None) is (plan.needs_genuine or plan.needs_replay)
