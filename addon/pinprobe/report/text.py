"""The report in a terminal: the sentence, the notices, one row per endpoint. Pure.

Cells are wrapped and never cut, so that a host can be copied; other people's words lose their control characters.
"""

import textwrap
from collections.abc import Iterator, Sequence

from pinprobe.findings import Finding, Level
from pinprobe.report.faces import Face, face_of, sureness
from pinprobe.report.fallbacks import FallbackGroup
from pinprobe.report.model import EndpointReport, Report
from pinprobe.report.owners import APART
from pinprobe.report.places import place
from pinprobe.report.policy_text import ruling_lines
from pinprobe.report.runs import runs_of
from pinprobe.report.safe_text import NAME_LIMIT, safe_text
from pinprobe.report.words import fallback_words

WIDTH = 100
"""Columns that the table fits into unless told otherwise."""
LEAST_WIDTH = 60
"""Below this the table would have more lines than words; it is not made narrower."""
GAP = "  "
HOST_SHARE = 0.4
"""Of the width, at most, for the column of hosts."""
ENDPOINTS_SHOWN = 5
"""Named beside a finding; the table above names them all."""

Cells = tuple[str, str, str, str]
HEAD: Cells = ("verdict", "confidence", "endpoint", "reason")


def render(report: Report, width: int = WIDTH, colour: bool = False) -> str:
    """The summary as lines, the last one ended."""
    width = max(LEAST_WIDTH, width)
    blocks = [list(_head(report, width))]
    if report.endpoints:
        blocks.append(list(_table(report.endpoints, width, colour)))
    if report.fallback_groups:
        blocks.append([line for group in report.fallback_groups for line in _group(group, width)])
    if report.findings:
        blocks.append([line for finding in report.findings for line in _finding(finding, width)])
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def host_and_port(endpoint: EndpointReport) -> str:
    """The endpoint's name on one line."""
    name = endpoint.judgement.endpoint
    return place(name.host, name.port, name.transport)


def _head(report: Report, width: int) -> Iterator[str]:
    yield from _wrapped(f"{safe_text(report.app.label, NAME_LIMIT)}: {report.summary.sentence}", width)
    if report.policy is not None:
        yield from ruling_lines(report.policy, width)
    for run in runs_of(report):
        counts = ", ".join(words for _, words in run.verdicts) or "no endpoint"
        yield from _wrapped(f"{run.where}: {run.when}; {counts} ({run.session_id})", width, hanging="  ")
    for notice in report.notices:
        mark = "note" if notice.level is Level.NOTE else notice.level.value.upper()
        yield from _wrapped(f"{mark}: {safe_text(notice.text)}", width, hanging="  ")


def _table(endpoints: Sequence[EndpointReport], width: int, colour: bool) -> Iterator[str]:
    rows = [(face_of(endpoint), _cells(endpoint)) for endpoint in endpoints]
    apart = False
    columns = [max(len(HEAD[at]), *(len(cells[at]) for _, cells in rows)) for at in (0, 1, 2)]
    columns[2] = min(columns[2], int(width * HOST_SHARE))
    columns.append(width - sum(columns) - 3 * len(GAP))
    yield from _row(HEAD, columns, None)
    for endpoint, (face, cells) in zip(endpoints, rows, strict=True):
        if endpoint.owner.devices_own and not apart:
            apart = True
            yield from _wrapped(f"-- {APART}, not counted above:", width)
        yield from _row(cells, columns, face if colour else None)


def _cells(endpoint: EndpointReport) -> Cells:
    judgement = endpoint.judgement
    reason = safe_text(judgement.reason)
    return face_of(endpoint).word, sureness(judgement.confidence), host_and_port(endpoint), reason


def _row(cells: Cells, columns: Sequence[int], face: Face | None) -> Iterator[str]:
    wrapped = [_wrapped(cell, width) for cell, width in zip(cells, columns, strict=True)]
    for number in range(max(map(len, wrapped))):
        line = [lines[number] if number < len(lines) else "" for lines in wrapped]
        padded = [cell.ljust(width) for cell, width in zip(line, columns, strict=True)]
        if face is not None and line[0]:
            padded[0] = f"\x1b[{face.sgr}m{padded[0]}\x1b[0m"
        yield GAP.join(padded).rstrip()


def _group(group: FallbackGroup, width: int) -> Iterator[str]:
    for source, step in group.steps:
        here, there = (place(one.host, one.port, one.transport) for one in (source, step.target))
        yield from _wrapped(f"{here} fell back to {there}: {fallback_words(step)}", width, hanging="  ")


def _finding(finding: Finding, width: int) -> Iterator[str]:
    hosts = [f"{safe_text(name.host, NAME_LIMIT)}:{name.port}" for name in finding.endpoints[:ENDPOINTS_SHOWN]]
    more = len(finding.endpoints) - len(hosts)
    named = ", ".join(hosts) + (f" and {more} more" if more else "") if hosts else finding.evidence
    text = f"{finding.id} {finding.level.value}: {finding.title} ({named}). {finding.remedy}"
    yield from _wrapped(safe_text(text, 4000), width, hanging="  ")


def _wrapped(text: str, width: int, hanging: str = "") -> list[str]:
    return textwrap.wrap(text, width, subsequent_indent=hanging, break_on_hyphens=False) or [""]
