"""report.json: its schema, its golden file, and that nothing is lost in it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests import builders as make
from tests.report.samples import (
    HOSTILE,
    declared_distrust,
    every_declaration,
    every_reading,
    every_verdict,
    hostile,
    hostile_runs,
    report_of,
    several_runs,
)

from pinprobe import events as ev
from pinprobe.attempts import Outcome
from pinprobe.findings import FINDINGS, Level
from pinprobe.report.json_format import document, render
from pinprobe.report.json_layout import laid_out
from pinprobe.report.model import Report
from pinprobe.runs import JOINT_RULES, Role
from pinprobe.signals import State
from pinprobe.signals.replay import Element
from pinprobe.verdicts import RULES, Confidence, Verdict

GOLDEN = Path(__file__).parent / "golden"
SCHEMA: dict[str, Any] = json.loads((files("pinprobe.report") / "schema.json").read_text())
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)


def valid(text: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(text)
    problems = [f"{list(error.path)}: {error.message[:200]}" for error in VALIDATOR.iter_errors(document)]
    assert not problems
    return document


GOLDEN_SAMPLES = [every_verdict, every_reading, every_declaration, declared_distrust, several_runs]


@pytest.mark.parametrize("sample", GOLDEN_SAMPLES, ids=lambda sample: sample.__name__)
def test_the_golden_reports(sample: Callable[[], Report], update_golden: bool) -> None:
    text = render(sample())
    golden = GOLDEN / f"{sample.__name__}.json"
    if update_golden:
        GOLDEN.mkdir(exist_ok=True)
        golden.write_text(text)
    assert text == golden.read_text(), "changed on purpose? ./scripts/test --update-golden, then read the diff"
    valid(text)


@pytest.mark.parametrize("sample", GOLDEN_SAMPLES, ids=lambda sample: sample.__name__)
def test_what_is_remembered_of_an_endpoint_is_what_it_says_now(sample: Callable[[], Report]) -> None:
    """Its name does not tell one from the other: whatever has changed shows."""
    report = sample()
    assert render(report) == render(sample()) == laid_out(document(report)) + "\n"
    changed = replace(report, endpoints=tuple(replace(one, cleartext=one.cleartext + 1) for one in report.endpoints))
    assert render(changed) == laid_out(document(changed)) + "\n" != render(report)
    assert render(report) == laid_out(document(report)) + "\n"


def test_an_empty_session_is_valid() -> None:
    document = valid(render(report_of()))
    assert document["endpoints"] == []
    assert document["notices"][0]["id"] == "nothing_observed"


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_words_come_back_as_they_were(text: str) -> None:
    rendered = render(hostile(text))
    assert all(c == "\n" or " " <= c <= "~" for c in rendered)
    document = valid(rendered)
    chain = document["endpoints"][0]["server_chain"]
    assert not document["endpoints"] or not chain or chain[0]["subject"] == text
    assert document["app"]["label"] == (text or "unattributed")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_words_of_several_runs_come_back_too(text: str) -> None:
    document = valid(render(hostile_runs(text)))
    assert [run["label"] for run in document["runs"]] == [text, text]
    assert [run["label"] for run in document["endpoints"][0]["runs"]] == [text, text]


def test_one_session_has_no_runs() -> None:
    document = valid(render(every_verdict()))
    assert "runs" not in document and not any("runs" in endpoint for endpoint in document["endpoints"])


def test_roles_are_the_codes_own() -> None:
    assert SCHEMA["$defs"]["role"]["enum"] == [role.value for role in Role]


def test_dates_beyond_the_calendar_are_null() -> None:
    far = tuple(replace(one, not_before_s=-1e18, not_after_s=1e18) for one in make.chain())
    events = [
        replace(event, chain=far) if isinstance(event, ev.ServerChainSeen) else event for event in make.accepted()
    ]
    chain = valid(render(report_of(events)))["endpoints"][0]["server_chain"]
    assert chain[0]["not_before"] is None and chain[0]["not_after"] is None


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("verdict", list(Verdict)),
        ("confidence", list(Confidence)),
        ("outcome", list(Outcome)),
        ("level", list(Level)),
    ],
)
def test_enums_are_the_codes_own(name: str, values: list[str]) -> None:
    assert SCHEMA["$defs"][name]["enum"] == [str(value) for value in values]


def test_states_and_counts_are_the_codes_own() -> None:
    assert SCHEMA["$defs"]["replay"]["properties"]["element"]["enum"] == [element.value for element in Element]
    assert SCHEMA["$defs"]["signal"]["properties"]["state"]["enum"] == [state.value for state in State]
    assert list(SCHEMA["properties"]["summary"]["properties"]["verdicts"]["properties"]) == list(Verdict)
    pattern = SCHEMA["$defs"]["finding"]["properties"]["id"]["pattern"]
    assert all(re.search(pattern, check.id) for check in FINDINGS)
    assert all(re.search(SCHEMA["$defs"]["rule_id"]["pattern"], rule.id) for rule in (*RULES, *JOINT_RULES))


LEFT_OUT = {
    "android_api",
    "cause",
    "declared",
    "fallback_groups",
    "fallbacks",
    "pin_material",
    "policy",
    "runs",
    "backup_pins",
    "other_chains",
    "other_apps",
    "attributed_by",
}
"""Left out where they would be empty: a report of one session has no runs, most apps never fall back, and many users
have no policy and give no package."""


def objects(schema: Any) -> list[dict[str, Any]]:
    if isinstance(schema, list):
        return [found for item in schema for found in objects(item)]
    if not isinstance(schema, dict):
        return []
    here = [schema] if schema.get("type") == "object" else []
    return here + [found for item in schema.values() for found in objects(item)]


def test_every_field_is_described_and_nothing_else_may_stand_there() -> None:
    for one in objects(SCHEMA):
        assert "additionalProperties" in one
        if "properties" in one:
            assert one["additionalProperties"] is False
            assert one["required"] == [name for name in one["properties"] if name not in LEFT_OUT]
        for name, field in one.get("properties", {}).items():
            assert "description" in field or "$ref" in field, name
    assert all("description" in one for one in SCHEMA["$defs"].values())


def test_the_counts_of_an_endpoint_agree() -> None:
    for endpoint in json.loads(render(every_verdict()))["endpoints"]:
        total = sum(number for outcomes in endpoint["outcomes"].values() for number in outcomes.values())
        assert total == endpoint["attempts_total"] == sum(pattern["count"] for pattern in endpoint["patterns"])
        assert len(endpoint["attempts"]) <= endpoint["attempts_total"]
