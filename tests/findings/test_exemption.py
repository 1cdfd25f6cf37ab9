"""PIN-209: user-added CAs are exempt from a check that others must pass; only several runs tell."""

from __future__ import annotations

from typing import Any

import pytest
from tests.experiments import ACCEPTING, NO, PROVEN, REFUSING, read

from pinprobe.findings import Judged, Seen, findings_of


@pytest.mark.parametrize("first_party", [True, False])
@pytest.mark.parametrize(
    ("runs", "found"),
    [
        ([("R2", ACCEPTING), ("R3", PROVEN)], True),
        ([("R2", ACCEPTING), ("R3", REFUSING)], True),
        ([("R2", ACCEPTING), ("R3", (NO, NO))], False),
        ([("R2", REFUSING), ("R3", ACCEPTING)], False),
        ([("R2", REFUSING), ("R3", PROVEN)], False),
        ([("R2", ACCEPTING)], False),
    ],
    ids=["pinned in R3", "refused in R3", "without a control", "the other way round", "pinned in both", "R2 alone"],
)
def test_exemption(runs: list[Any], found: bool, first_party: bool) -> None:
    judged = [Judged(judgement=read(*runs).judgement, first_party=first_party)]
    assert ("PIN-209" in {finding.id for finding in findings_of(Seen(judged=tuple(judged)))}) is found
