"""Real clients with and without pins, each through a real mitmdump with pinprobe, judged and compared."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from tests.conftest import WrongVerdict
from tests.live.cases import CASES, Case
from tests.live.conftest import PLAYED, need
from tests.live.play import Played, wrong
from tests.live.world import ROOT

from stressing.faults.verdicts import is_wrong

pytestmark = pytest.mark.live

SCHEMA = ROOT / "addon" / "pinprobe" / "report" / "schema.json"

PINNED_SHARE = 0.9
CHECKS_NO_CHAIN = "aiohttp"
"""Its fingerprint pin looks at the leaf alone, so nothing can show that it trusts the CA: "unproven" is all there is."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_verdict(case: Case, stage: Callable[[Case], Played]) -> None:
    need(case.client)
    played = stage(case)
    assert "pinprobe" not in [notice.get("where") for notice in played.report["notices"]]
    if is_wrong(case.truth, *played.said):
        raise WrongVerdict(f"called {played.cell}\n{played.story}")
    fault = wrong(case.truth, played)
    assert fault is None, f"called {played.cell}, but {fault}\n{played.story}"


def test_clients_did_what_their_names_say(request: pytest.FixtureRequest) -> None:
    """The truth of the table is the client's own word, not our belief."""
    for played in request.config.stash.get(PLAYED, []):
        results = {attempt.result for attempt in played.attempts}
        match played.case.truth:
            case "unpinned" | "no_validation" if played.case.decidable:
                assert results <= {"response", "failed"}, played.story
            case "pinned" | "pinned_distrusting" | "distrusts" if played.case.decidable:
                assert "refused" in results, played.story
            case _:
                pass


def test_live_reports_keep_to_the_schema(request: pytest.FixtureRequest) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    for played in request.config.stash.get(PLAYED, []):
        faults = [error.message for error in validator.iter_errors(played.report)]
        assert not faults, f"{played.case.id}: {faults}"


def test_caution_is_no_way_out(request: pytest.FixtureRequest) -> None:
    """Of pinned clients on a trusting device beside a canary, nine in ten are called pinned."""
    asked = [p for p in request.config.stash.get(PLAYED, []) if p.case.counts_as_pinned]
    if not asked:
        pytest.skip("no pinned case was played")
    missed = [p for p in asked if p.cell != "pinned probable+"]
    share = 1 - len(missed) / len(asked)
    # Where only a part of the cases is played, that one client may weigh more than it does in the whole table.
    assert share >= PINNED_SHARE or {p.case.client for p in missed} == {CHECKS_NO_CHAIN}, "\n".join(
        f"{p.case.id}: {p.cell}, {p.endpoint and p.endpoint['reason']}" for p in missed
    )
