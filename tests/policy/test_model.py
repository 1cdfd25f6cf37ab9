"""What satisfies an expectation."""

from __future__ import annotations

import itertools

import pytest

from pinprobe.policy import Expectation, HostPattern
from pinprobe.policy.model import CONFIDENCES, RAISED, VERDICTS
from pinprobe.policy.reader import FINDING_IDS
from pinprobe.verdicts import Confidence, Verdict

HOST = HostPattern(text="a", host="a", port=None, transport=None)


def met(verdict: str, confidence: str) -> set[tuple[Verdict, Confidence]]:
    wanted = Expectation(host=HOST, verdict=verdict, confidence=confidence)
    return {pair for pair in itertools.product(Verdict, Confidence) if wanted.met_by(*pair)}


def test_unproven_never_satisfies_pinned() -> None:
    assert met("pinned", "probable") == {
        (Verdict.PINNED, Confidence.PROBABLE),
        (Verdict.PINNED, Confidence.CONFIRMED),
    }
    assert met("pinned", "confirmed") == {(Verdict.PINNED, Confidence.CONFIRMED)}


@pytest.mark.parametrize("verdict", [word for word in VERDICTS if word != "any"])
@pytest.mark.parametrize("confidence", CONFIDENCES)
def test_what_was_not_decided_satisfies_nothing_but_any(verdict: str, confidence: str) -> None:
    assert not {one for one, _ in met(verdict, confidence)} & {Verdict.INCONCLUSIVE, Verdict.NOT_TESTED}


def test_any_is_satisfied_by_anything() -> None:
    assert len(met("any", "probable")) == len(Verdict) * len(Confidence)


def test_levels_are_raised_for_findings_that_exist() -> None:
    assert {finding for _, finding in RAISED} <= set(FINDING_IDS)
