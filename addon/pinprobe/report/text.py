"""The report in a terminal: the sentence, the notices, one row per endpoint. Pure.

Cells are wrapped and never cut, so that a host can be copied; other people's words lose their control characters.
"""

import textwrap
from collections.abc import Iterator, Sequence

from pinprobe.findings import Finding, Level
from pinprobe.report.faces import Face, face_of, sureness
from pinprobe.report.model import EndpointReport, Report
from pinprobe.report.safe_text import NAME_LIMIT, safe_text

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
    if report.findings:
        blocks.append([line for finding in report.findings for line in _finding(finding, width)])
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def host_and_port(endpoint: EndpointReport) -> str:
    """The endpoint's name on one line, with the transport where it is not the usual one."""
    name = endpoint.judgement.endpoint
    host = safe_text(name.host, NAME_LIMIT)
    host = f"[{host}]" if ":" in host else host
    return f"{host}:{name.port}" + ("" if name.transport == "tcp" else f"/{safe_text(name.transport, 20)}")


def _head(report: Report, width: int) -> Iterator[str]:
    yield from _wrapped(f"{safe_text(report.app.label, NAME_LIMIT)}: {report.summary.sentence}", width)
    for notice in report.notices:
        mark = "note" if notice.level is Level.NOTE else notice.level.value.upper()
        yield from _wrapped(f"{mark}: {safe_text(notice.text)}", width, hanging="  ")


def _table(endpoints: Sequence[EndpointReport], width: int, colour: bool) -> Iterator[str]:
    rows = [(face_of(endpoint), _cells(endpoint)) for endpoint in endpoints]
    columns = [max(len(HEAD[at]), *(len(cells[at]) for _, cells in rows)) for at in (0, 1, 2)]
    columns[2] = min(columns[2], int(width * HOST_SHARE))
    columns.append(width - sum(columns) - 3 * len(GAP))
    yield from _row(HEAD, columns, None)
    for face, cells in rows:
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


def _finding(finding: Finding, width: int) -> Iterator[str]:
    hosts = [f"{safe_text(name.host, NAME_LIMIT)}:{name.port}" for name in finding.endpoints[:ENDPOINTS_SHOWN]]
    more = len(finding.endpoints) - len(hosts)
    named = ", ".join(hosts) + (f" and {more} more" if more else "")
    text = f"{finding.id} {finding.level.value}: {finding.title} ({named}). {finding.remedy}"
    yield from _wrapped(safe_text(text, 4000), width, hanging="  ")


def _wrapped(text: str, width: int, hanging: str = "") -> list[str]:
    return textwrap.wrap(text, width, subsequent_indent=hanging, break_on_hyphens=False) or [""]
