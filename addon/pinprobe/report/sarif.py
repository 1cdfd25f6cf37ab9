"""The findings and what a policy finds broken as SARIF 2.1.0, for GitHub's code scanning and its kin. Pure.

Endpoints without a finding are not in it: each result is something to look at. Words of others are escaped as the
standard asks (3.11), so that no link or placeholder is read into them.
"""

import hashlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from pinprobe.attempts import Endpoint
from pinprobe.findings import Check, Finding, Level
from pinprobe.report.json_layout import laid_out
from pinprobe.report.outline import EndpointOutline, Outline
from pinprobe.report.places import WHOLE_APP, place
from pinprobe.report.ruling import POLICY_RULES, WITH_ID, Breach, PolicyRule, Standing, Waived
from pinprobe.report.safe_text import NAME_LIMIT, safe_text
from pinprobe.verdicts import Verdict

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
SEVERITY = {Level.ERROR: "8.0", Level.WARNING: "5.0", Level.NOTE: "2.0"}
"""Code scanning's scale, of which 7.0 and more is high, 4.0 and more medium."""
FINGERPRINTS = ("pinprobe/v1", "primaryLocationLineHash")
"""Our own name for it, and the one that GitHub compares."""

Json = dict[str, Any]


def render(report: Outline, location: str | None = None) -> str:
    """One run. `location` is a file of the repository to show results at, such as the app's manifest."""
    return laid_out(document(report, location)) + "\n"


def document(report: Outline, location: str | None = None) -> Json:
    """The same as dictionaries and lists."""
    rules = [_rule(one) for one in WITH_ID]
    numbers = {rule["id"]: number for number, rule in enumerate(rules)}
    results = [
        {**result, "ruleIndex": numbers[result["ruleId"]]} if result["ruleId"] in numbers else result
        for result in (*_findings(report, location), *_breaches(report, location))
    ]
    run = {
        "tool": {"driver": {"name": "pinprobe", "version": safe_text(report.tool_version, 80), "rules": rules}},
        "automationDetails": {"id": f"pinprobe/{_segment(report.app_id)}/"},
        "columnKind": "utf16CodeUnits",
        "invocations": [
            {
                # A run that saw nothing must not look like one that found nothing.
                "executionSuccessful": report.anything_tested,
                "toolExecutionNotifications": [
                    {
                        "level": notice.level.value,
                        "descriptor": {"id": safe_text(notice.id, 80)},
                        "message": {"text": _plain(notice.text)},
                    }
                    for notice in report.notices
                ],
            }
        ],
        "results": results,
        "properties": {
            "app": report.app_id,
            "session": report.session_id,
            "sentence": report.sentence,
            "verdicts": _verdicts(report),
            **({"policy": report.policy.standing.value} if report.policy is not None else {}),
        },
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(one: Check | PolicyRule) -> Json:
    more = f" References: {', '.join(one.references)}." if one.references else ""
    return {
        "id": one.id,
        "name": "".join(word.capitalize() for word in one.title.replace(",", "").split()),
        "shortDescription": {"text": one.title},
        "fullDescription": {"text": one.why},
        "help": {
            "text": f"{one.why} {one.remedy}{more} See {one.id} in docs/findings.md.",
            "markdown": f"{one.why}\n\n**What to do:** {one.remedy}\n\n{more.strip()} See {one.id} in docs/findings.md.",
        },
        "defaultConfiguration": {"level": one.level.value},
        "properties": {"security-severity": SEVERITY[one.level], "tags": ["security", *one.references]},
    }


def _findings(report: Outline, location: str | None) -> Iterator[Json]:
    endpoints = {one.judgement.endpoint: one for one in report.endpoints}
    broken = {(breach.what, breach.endpoint) for breach in report.broken}
    waived = {(one.breach.what, one.breach.endpoint): one for one in report.waived}
    for finding in report.findings:
        if not finding.endpoints:
            yield _of_the_app(report, finding, location)
        for name in finding.endpoints:
            key = (finding.id, name)
            standing = "broken" if key in broken else "waived" if key in waived else None
            yield {
                "ruleId": finding.id,
                "level": finding.level.value,
                "message": {"text": _finding_words(finding, name, endpoints.get(name))},
                **_where(report, name.host, place(name.host, name.port, name.transport), location),
                **_fingerprints(report.app_id, f"{name.host}:{name.port}/{name.transport}", finding.id),
                **_suppressions(report, waived.get(key)),
                "properties": {**_said(endpoints.get(name)), **({"policy": standing} if standing else {})},
            }


def _of_the_app(report: Outline, finding: Finding, location: str | None) -> Json:
    """A finding about the app as a whole."""
    broken = any(breach.what == finding.id and breach.endpoint is None for breach in report.broken)
    waived = next((w for w in report.waived if w.breach.what == finding.id and w.breach.endpoint is None), None)
    standing = "broken" if broken else "waived" if waived else None
    return {
        "ruleId": finding.id,
        "level": finding.level.value,
        "message": {"text": f"{_plain(finding.title)}. {_plain(finding.evidence)}. {_plain(finding.remedy)}"},
        **_where(report, "", WHOLE_APP, location),
        **_fingerprints(report.app_id, WHOLE_APP, finding.id),
        **_suppressions(report, waived),
        "properties": {"policy": standing} if standing else {},
    }


def _breaches(report: Outline, location: str | None) -> Iterator[Json]:
    endpoints = {one.judgement.endpoint: one for one in report.endpoints}
    rules = {rule.what: rule for rule in POLICY_RULES}
    every = [(breach, None) for breach in report.broken] + [(one.breach, one) for one in report.waived]
    for breach, waiver in every:
        if breach.what in rules:  # the others are findings, and there already
            yield {
                "ruleId": breach.rule_id,
                "level": rules[breach.what].level.value,
                "message": {"text": _plain(f"{breach.subject}: {breach.text}")},
                **_where(report, _host(breach), breach.subject, location),
                **_fingerprints(report.app_id, f"{breach.subject} {breach.pattern}", breach.rule_id),
                **_suppressions(report, waiver),
                "properties": {
                    **(_said(endpoints.get(breach.endpoint)) if breach.endpoint is not None else {}),
                    "policy": Standing.BROKEN.value if waiver is None else "waived",
                },
            }


def _host(breach: Breach) -> str:
    return breach.pattern if breach.endpoint is None else breach.endpoint.host


def _finding_words(finding: Finding, name: Endpoint, endpoint: EndpointOutline | None) -> str:
    reason = f": {endpoint.judgement.reason}" if endpoint is not None else ""
    where = place(name.host, name.port, name.transport)
    return f"{_plain(finding.title)}. {_plain(where + reason)}. {_plain(finding.remedy)}"


def _said(endpoint: EndpointOutline | None) -> Json:
    if endpoint is None:
        return {}
    judgement = endpoint.judgement
    return {
        "host": judgement.endpoint.host,
        "verdict": judgement.verdict.value,
        "confidence": judgement.confidence.value,
    }


def _where(report: Outline, host: str, subject: str, location: str | None) -> Json:
    """A file that code scanning accepts: the one that the user names, else one that stands for the host."""
    uri = f"{_segment(report.app_id)}/{_segment(host)}" if location is None else quote(location)
    return {
        "locations": [
            {
                "physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": 1}},
                "logicalLocations": [
                    {
                        "name": subject,
                        "fullyQualifiedName": f"{safe_text(report.app_id, NAME_LIMIT)}/{subject}",
                        "kind": "resource",
                    }
                ],
            }
        ]
    }


def _segment(text: str) -> str:
    """Any text as one part of a path that leads nowhere else."""
    part = quote(safe_text(text, NAME_LIMIT), safe="")
    return part.replace(".", "%2E") if not part.strip(".") and part else part or "_"


def _fingerprints(app_id: str, subject: str, rule_id: str) -> Json:
    """The same for the same thing in every run, whatever the counts."""
    whole = "\0".join((app_id, subject, rule_id)).encode("utf-8", "surrogatepass")
    return {"partialFingerprints": dict.fromkeys(FINGERPRINTS, hashlib.sha256(whole).hexdigest())}


def _suppressions(report: Outline, waiver: Waived | None) -> Json:
    """Where one result says so, all must (3.27.23)."""
    if report.policy is None:
        return {}
    if waiver is None:
        return {"suppressions": []}
    justification = _plain(f"{waiver.reason} (until {waiver.until})")
    return {"suppressions": [{"kind": "external", "status": "accepted", "justification": justification}]}


def _verdicts(report: Outline) -> dict[str, int]:
    said = [one.judgement.verdict for one in report.endpoints]
    return {verdict.value: said.count(verdict) for verdict in Verdict}


_MEANING = str.maketrans({"\\": "\\\\", "[": "\\[", "]": "\\]", "{": "{{", "}": "}}"})


def _plain(text: str) -> str:
    return safe_text(text).translate(_MEANING)
