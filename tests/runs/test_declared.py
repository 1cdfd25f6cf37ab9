"""Runs of an app whose package was read: what it declares of each run is judged in that run, and only there."""

from __future__ import annotations

from typing import Any

import pytest
from tests import builders as b
from tests.experiments import ACCEPTING, PROVEN, REFUSING, read
from tests.rooms import HOST, said

BOTH: dict[str, Any] = {"anchors": ("system", "user")}
DISTRUSTS = (b.package(), b.declares(HOST))
PINNED = (b.package(), b.declares(HOST, b.LEAF_PIN))
OVERRIDES = (b.package(), b.declares(HOST, b.LEAF_PIN, **BOTH, overrides=("user",)))
CASES: dict[str, tuple[list[Any], tuple[str, str, str]]] = {
    "user store alone": ([("R2", (*DISTRUSTS, *REFUSING))], ("inconclusive", "none", "distrust_expected")),
    "accepts in the system store": (
        [("R2", (*DISTRUSTS, *REFUSING)), ("R3", (*DISTRUSTS, *ACCEPTING))],
        ("unpinned", "confirmed", "distrusts_user_cas"),
    ),
    "refuses in the system store": (
        [("R2", (*DISTRUSTS, *REFUSING)), ("R3", (*DISTRUSTS, *REFUSING))],
        ("pinned", "unproven", "refused_cause_unproven"),
    ),
    "proven in the system store": (
        [("R2", (*PINNED, *REFUSING)), ("R3", (*PINNED, *PROVEN))],
        ("pinned", "confirmed", "refused_though_ca_trusted"),
    ),
    "refuses in no store as well": (
        [("R1", (*DISTRUSTS, *REFUSING)), ("R2", (*DISTRUSTS, *REFUSING))],
        ("pinned", "unproven", "refused_cause_unproven"),
    ),
    "a pin is declared, and even no store is enough": (
        [("R1", (*PINNED, *ACCEPTING)), ("R3", (*PINNED, *ACCEPTING))],
        ("unpinned", "probable", "accepts_in_no_store"),
    ),
    "a pin that exempts the user store": (
        [("R2", (*OVERRIDES, *ACCEPTING)), ("R3", (*OVERRIDES, *PROVEN))],
        ("suspicious", "confirmed", "degraded"),
    ),
}


@pytest.mark.parametrize(("runs", "expected"), CASES.values(), ids=CASES.keys())
def test_runs(runs: list[Any], expected: tuple[str, str, str]) -> None:
    assert said(read(*runs).judgement) == expected


def test_two_builds_are_not_one() -> None:
    """A debuggable build in the user store and a release in the system store differ by more than the store."""

    def build(digest: str, *seen: Any) -> tuple[Any, ...]:
        return (b.package(apk_sha256=digest), b.declares(HOST, **BOTH), *seen)

    for last, sure, open in (("ab" * 32, "confirmed", False), ("cd" * 32, "probable", True)):
        judgement = read(("R2", build("ab" * 32, *REFUSING)), ("R3", build(last, *ACCEPTING))).judgement
        assert said(judgement) == ("unpinned", sure, "distrusts_user_cas")
        assert any("these builds" in text for text in judgement.missing) is open
    exempt = read(("R2", build("ab" * 32, *ACCEPTING)), ("R3", build("cd" * 32, *PROVEN))).judgement
    assert exempt.rule_id == "exempts_user_cas"
    assert any("these builds" in text for text in exempt.missing)
