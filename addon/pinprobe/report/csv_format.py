"""The report as CSV (RFC 4180), a row for each endpoint, safe to open in a spreadsheet. Pure.

Findings about the app as a whole, and what a policy misses altogether, have a row too, with no verdict.
"""

import csv
import io
from collections.abc import Iterator, Sequence

from pinprobe.report.outline import Beside, EndpointOutline, Outline, said_beside
from pinprobe.report.policy_text import breach_words
from pinprobe.report.safe_text import NAME_LIMIT, safe_text

HEAD = (
    "app",
    "session",
    "host",
    "port",
    "transport",
    "verdict",
    "confidence",
    "rule",
    "reason",
    "owner",
    "whose",
    "attempts",
    "findings",
    "policy",
)
ACTIVE = tuple("=+-@\t\r\n＝＋－＠")
"""What a spreadsheet takes for the beginning of a formula, wide forms too."""


def render(report: Outline) -> str:
    """The whole file."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(HEAD)
    writer.writerows([_cell(value) for value in row] for row in _rows(report))
    return out.getvalue()


def _rows(report: Outline) -> Iterator[Sequence[str | int]]:
    beside = said_beside(report)
    run = (safe_text(report.app_id, NAME_LIMIT), safe_text(report.session_id, NAME_LIMIT))
    for endpoint in report.endpoints:
        yield (*run, *_endpoint(endpoint, beside[endpoint.judgement.endpoint]))
    if beside[None].findings:
        yield (*run, *[""] * (len(HEAD) - len(run) - 2), _findings(beside[None]), "")
    for words in _policy(beside[None]):
        yield (*run, *[""] * (len(HEAD) - len(run) - 1), words)
    if not report.endpoints:
        yield (*run, *[""] * (len(HEAD) - len(run) - 2), "", safe_text(report.sentence))


def _endpoint(endpoint: EndpointOutline, said: Beside) -> Sequence[str | int]:
    judgement = endpoint.judgement
    name = judgement.endpoint
    return (
        safe_text(name.host, NAME_LIMIT),
        name.port,
        safe_text(name.transport, 20),
        judgement.verdict.value,
        judgement.confidence.value,
        safe_text(judgement.rule_id),
        safe_text(judgement.reason),
        safe_text(endpoint.owner),
        "device" if endpoint.devices_own else "app",
        endpoint.attempts,
        _findings(said),
        "; ".join(_policy(said)),
    )


def _findings(said: Beside) -> str:
    return "; ".join(f"{one.id} {one.level.value}: {safe_text(one.title)}" for one in said.findings)


def _policy(said: Beside) -> Iterator[str]:
    yield from (f"broken: {breach_words(breach)}" for breach in said.broken)
    for one in said.waived:
        yield f"waived until {one.until}: {breach_words(one.breach)}: {safe_text(one.reason)}"


def _cell(value: str | int) -> str:
    """A quote mark before what would be a formula: spreadsheets then show it as text."""
    text = str(value)
    return f"'{text}" if text.startswith(ACTIVE) else text
