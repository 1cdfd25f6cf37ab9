"""The report as JUnit XML: a suite for the app, a case for each host. Failed is what breaks the policy, skipped what was not decided. Pure.

Without a policy nothing fails: a verdict by itself is neither good nor bad.
"""

from xml.etree import ElementTree

from pinprobe.findings import Finding
from pinprobe.report.outline import Beside, EndpointOutline, Outline, said_beside
from pinprobe.report.places import WHOLE_APP
from pinprobe.report.policy_text import breach_words, headline
from pinprobe.report.ruling import Breach
from pinprobe.report.safe_text import NAME_LIMIT, safe_text
from pinprobe.verdicts import Verdict

UNDECIDED = frozenset({Verdict.INCONCLUSIVE, Verdict.NOT_TESTED})
_Element = ElementTree.Element


def render(report: Outline) -> str:
    """The whole file. Every text in it passes safe_text, since XML has no way to write a control character."""
    app = safe_text(report.app_id, NAME_LIMIT)
    suites = _Element("testsuites", name="pinprobe")
    suite = ElementTree.SubElement(suites, "testsuite", name=app)
    _add_facts(suite, report)
    beside = said_beside(report)
    for endpoint in report.endpoints:
        _add_endpoint(suite, app, endpoint, beside[endpoint.judgement.endpoint])
    if beside[None].findings:
        _told(_case(suite, app, WHOLE_APP), [_finding_line(one) for one in beside[None].findings])
    for breach in beside[None].broken:
        _fail(_case(suite, app, f"{breach.what} {safe_text(breach.subject, NAME_LIMIT)}"), [breach])
    for waived in beside[None].waived:
        case = _case(suite, app, f"{waived.breach.what} {safe_text(waived.breach.subject, NAME_LIMIT)}")
        _told(case, [f"waived: {breach_words(waived.breach)} (until {waived.until}: {safe_text(waived.reason)})"])
    if not report.anything_tested:
        # A suite without cases, or with skipped ones alone, is green to most readers.
        error = ElementTree.SubElement(_case(suite, app, "anything was put to the test"), "error")
        error.set("message", safe_text(report.sentence) + " Nothing observed is no pass.")
    for one in (suites, suite):
        for name, count in _counts(suite).items():
            one.set(name, str(count))
    ElementTree.indent(suites, " ")
    return "<?xml version='1.0' encoding='utf-8'?>\n" + ElementTree.tostring(suites, encoding="unicode") + "\n"


def _add_facts(suite: _Element, report: Outline) -> None:
    facts = [
        ("session", report.session_id),
        ("pinprobe", report.tool_version),
        ("sentence", report.sentence),
        *((f"notice {notice.level.value}", notice.text) for notice in report.notices),
    ]
    if report.policy is not None:
        facts.append(("policy", headline(report.policy)))
        facts += [("policy note", remark) for remark in report.policy.remarks]
    properties = ElementTree.SubElement(suite, "properties")
    for name, value in facts:
        ElementTree.SubElement(properties, "property", name=name, value=safe_text(value))


def _add_endpoint(suite: _Element, app: str, endpoint: EndpointOutline, said: Beside) -> None:
    judgement = endpoint.judgement
    case = _case(suite, app, endpoint.name)
    verdict = f"{judgement.verdict.value}, {judgement.confidence.value}"
    if said.broken:
        _fail(case, said.broken)
    elif judgement.verdict in UNDECIDED:
        ElementTree.SubElement(case, "skipped", message=f"{verdict}: {safe_text(judgement.reason)}")
    lines = [f"verdict: {verdict}", f"reason: {safe_text(judgement.reason)}", f"owner: {safe_text(endpoint.owner)}"]
    lines += ["the device's own, not counted"] if endpoint.devices_own else []
    lines += [_finding_line(one) for one in said.findings]
    lines += [f"waived: {breach_words(one.breach)} (until {one.until}: {safe_text(one.reason)})" for one in said.waived]
    _told(case, lines)


def _finding_line(finding: Finding) -> str:
    return f"finding: {finding.id} {finding.level.value}: {safe_text(finding.title)}"


def _case(suite: _Element, app: str, name: str) -> _Element:
    return ElementTree.SubElement(suite, "testcase", classname=app, name=name, time="0")


def _fail(case: _Element, broken: list[Breach]) -> None:
    failure = ElementTree.SubElement(case, "failure", type="policy", message=breach_words(broken[0]))
    failure.text = "\n".join(map(breach_words, broken))


def _told(case: _Element, lines: list[str]) -> None:
    ElementTree.SubElement(case, "system-out").text = "\n".join(lines)


def _counts(suite: _Element) -> dict[str, int]:
    return {
        "tests": len(suite.findall("testcase")),
        "failures": len(suite.findall("testcase/failure")),
        "errors": len(suite.findall("testcase/error")),
        "skipped": len(suite.findall("testcase/skipped")),
    }
