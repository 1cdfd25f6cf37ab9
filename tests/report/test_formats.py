"""All formats carry the same findings and verdicts; each with its own eyes."""

from __future__ import annotations

import csv
import html as entities
import io
import json
import re
from collections import Counter
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from tests.report.rulings import broken_policy, hostile_policy
from tests.report.samples import (
    HOSTILE,
    declared_distrust,
    every_declaration,
    every_degradation,
    every_reading,
    every_verdict,
    report_of,
    several_runs,
)

from pinprobe.report import FORMATS
from pinprobe.report.model import Report
from pinprobe.report.outline import outline_of
from pinprobe.report.places import WHOLE_APP

Verdicts = list[tuple[str, str, str]]
"""Endpoint, verdict and confidence, in order."""
Findings = set[tuple[str, str, str]]
"""Finding, level and endpoint."""
SAMPLES = [
    every_verdict,
    every_reading,
    every_degradation,
    every_declaration,
    declared_distrust,
    several_runs,
    broken_policy,
]
BY_ID = {format.id: format for format in FORMATS}


def name(host: str, port: int | str, transport: str) -> str:
    return f"{host}:{port}" + ("" if transport == "tcp" else f"/{transport}")


def truth(report: Report) -> tuple[Verdicts, Findings]:
    outline = outline_of(report)
    verdicts = [(one.name, one.judgement.verdict.value, one.judgement.confidence.value) for one in outline.endpoints]
    findings = {
        (finding.id, finding.level.value, WHOLE_APP if at is None else name(at.host, at.port, at.transport))
        for finding in outline.findings
        for at in finding.endpoints or (None,)
    }
    return verdicts, findings


def json_says(text: str) -> tuple[Verdicts, Findings]:
    document = json.loads(text)

    def of(at: dict[str, str]) -> str:
        return name(at["host"], at["port"], at["transport"])

    verdicts = [(of(one["endpoint"]), one["verdict"], one["confidence"]) for one in document["endpoints"]]
    findings = {
        (one["id"], one["level"], of(at) if at else WHOLE_APP)
        for one in document["findings"]
        for at in one["endpoints"] or [None]
    }
    return verdicts, findings


def junit_says(text: str) -> tuple[Verdicts, Findings]:
    verdicts, findings = [], set()
    for case in ElementTree.fromstring(text).iter("testcase"):  # noqa: S314 - our own
        told = case.findtext("system-out") or ""
        for verdict, confidence in re.findall(r"^verdict: (\w+), (\w+)$", told, re.MULTILINE):
            verdicts.append((case.get("name") or "", verdict, confidence))
        for id, level in re.findall(r"^finding: (PIN-\d+) (\w+):", told, re.MULTILINE):
            findings.add((id, level, case.get("name") or ""))
    return verdicts, findings


def csv_says(text: str) -> tuple[Verdicts, Findings]:
    verdicts, findings = [], set()
    for row in csv.DictReader(io.StringIO(text, newline="")):
        if row["verdict"]:
            at = name(row["host"], row["port"], row["transport"])
            verdicts.append((at, row["verdict"], row["confidence"]))
        else:
            at = WHOLE_APP
        findings |= {(id, level, at) for id, level in re.findall(r"(PIN-\d+) (\w+):", row["findings"])}
    return verdicts, findings


def markdown_says(text: str) -> tuple[Verdicts, Findings]:
    levels = dict(re.findall(r"^\| \*\*(PIN-\d+)\*\* .*? \| (\w+) \| \d+ \|", text, re.MULTILINE))
    rows = re.findall(r"^\| ([a-z ]+), (\w+) \| `([^`]+)` \| .* \| ([^|]+) \|$", text, re.MULTILINE)
    verdicts = [(at, verdict.replace(" ", "_"), confidence) for verdict, confidence, at, _ in rows]
    findings = {(id, levels[id], at) for _, _, at, ids in rows for id in ids.split() if id != "–"}
    nowhere = re.findall(r"^\| \*\*(PIN-\d+)\*\* .*? \| \w+ \| 0 \|", text, re.MULTILINE)
    findings |= {(id, levels[id], WHOLE_APP) for id in nowhere}
    return verdicts, findings


def html_says(text: str) -> tuple[Verdicts, Findings]:
    """The page has words for people: its rows are compared by name, its findings by their articles."""
    findings = set()
    for level, article in re.findall(r"<article id=pin-\d+ class=(\w+)>(.*?)</article>", text, re.DOTALL):
        (id,) = re.findall(r"</b> (PIN-\d+)</small>", article)
        named = re.findall(r"<a href=#e\d+><bdi>(.*?)</bdi>", article)
        findings |= {(id, level, entities.unescape(at)) for at in named or [WHOLE_APP]}
    return [], findings


READERS: dict[str, Callable[[str], tuple[Verdicts, Findings]]] = {
    "html": html_says,
    "json": json_says,
    "junit": junit_says,
    "csv": csv_says,
    "markdown": markdown_says,
}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.__name__)
@pytest.mark.parametrize("id", READERS)
def test_every_format_says_the_same(sample: Callable[[], Report], id: str) -> None:
    report = sample()
    verdicts, findings = truth(report)
    said, found = READERS[id](BY_ID[id].render(report))
    assert found == findings
    if id != "html":
        assert said == verdicts


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.__name__)
def test_the_page_has_a_row_for_each_endpoint(sample: Callable[[], Report]) -> None:
    rows = re.findall(r"<details id=e\d+|<details [^>]*id=e\d+", BY_ID["html"].render(sample()))
    assert len(rows) == len(sample().endpoints)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.__name__)
def test_sarif_has_the_findings_and_the_numbers_of_the_verdicts(sample: Callable[[], Report]) -> None:
    report = sample()
    verdicts, findings = truth(report)
    (run,) = json.loads(BY_ID["sarif"].render(report))["runs"]
    policy = {"PIN-901", "PIN-902"}
    said = {
        (one["ruleId"], one["level"], one["locations"][0]["logicalLocations"][0]["name"])
        for one in run["results"]
        if one["ruleId"] not in policy
    }
    assert said == findings
    assert {verdict: count for verdict, count in run["properties"]["verdicts"].items() if count} == Counter(
        verdict for _, verdict, _ in verdicts
    )
    known = {at: (verdict, confidence) for at, verdict, confidence in verdicts}
    for one in run["results"]:
        at = one["locations"][0]["logicalLocations"][0]["name"]
        if "verdict" in one["properties"]:
            assert known[at] == (one["properties"]["verdict"], one["properties"]["confidence"])


def test_every_format_is_read_by_a_test() -> None:
    assert set(READERS) | {"sarif"} == set(BY_ID)


def test_names_of_files_and_ids_are_one_each() -> None:
    assert len({format.file_name for format in FORMATS}) == len({format.id for format in FORMATS}) == len(FORMATS)
    assert [format.id for format in FORMATS if format.always] == ["html", "json"]


@pytest.mark.parametrize("id", BY_ID)
def test_nothing_observed_is_said_in_every_format(id: str) -> None:
    assert "No TLS connection reached the proxy." in BY_ID[id].render(report_of())


@pytest.mark.parametrize("id", BY_ID)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_words_can_be_written_and_are_cut_with_a_count(id: str, text: str) -> None:
    rendered = BY_ID[id].render(hostile_policy(text))
    rendered.encode("utf-8")
    assert not re.search(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]", rendered)
    assert "\r" not in rendered.replace("\r\n", "\n")
    if id not in {"json", "sarif"} and len(text) > 10_000:
        assert text not in rendered and "more characters)" in rendered
