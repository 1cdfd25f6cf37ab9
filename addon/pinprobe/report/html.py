"""The page: one file that needs nothing else, safe to open whatever the network said. The only user of jinja2.

Three walls stand between a hostile name and the reader: every expression of a template passes `_shown` (control
and bidirectional characters become escapes, long text is cut), then autoescaping; and the page's own policy
forbids every script and style but the two whose hashes it names, and every request.
"""

import base64
import hashlib
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pinprobe.report import charts
from pinprobe.report.drawer import drawer_of
from pinprobe.report.model import EndpointReport, Report
from pinprobe.report.remembered import Remembered
from pinprobe.report.safe_text import safe_text
from pinprobe.report.view import page_of, row_of

EVIDENCE_ROWS = 2000
"""Rows that carry their evidence."""
EVIDENCE_BYTES = 6_000_000
"""Bytes of rows after which the others come without evidence."""

_ROWS = Remembered[Markup]()

_HERE = Path(__file__).parent


def _shown(value: object) -> object:
    """What a template's expression may put on the page: our own markup as it is, text made safe, numbers."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, str):
        return safe_text(value)
    if isinstance(value, int):
        return str(value)
    raise TypeError(f"a template shows a {type(value).__name__}")


_TEMPLATES = Environment(
    loader=FileSystemLoader(_HERE),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=_shown,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)


def _ours(markup: str) -> Markup:
    """Vouch for text that this package wrote itself."""
    return Markup(markup)  # noqa: S704


def asset(name: str) -> Markup:
    """A file of this package that stands in the page as it is."""
    return _ours((_HERE / name).read_text(encoding="utf-8").strip())


def csp_hash(text: Markup) -> str:
    """A script or style as the page's policy names it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


_STYLE = asset("style.css")
_SCRIPT = asset("script.js")
POLICY = (
    f"default-src 'none'; style-src '{csp_hash(_STYLE)}'; script-src '{csp_hash(_SCRIPT)}'; "
    "base-uri 'none'; form-action 'none'"
)
_TEMPLATES.globals.update(
    style=_STYLE,
    script=_SCRIPT,
    policy=_ours(POLICY),
    icons=_ours(charts.icons()),
    icon={face: _ours(charts.icon(face)) for face in charts.ICONS},
    drawing=_ours,
)


def render(report: Report) -> str:
    """The whole page."""
    rows: list[Markup] = []
    used = with_evidence = 0
    for number, endpoint in enumerate(report.endpoints, start=1):
        if number == len(report.endpoints) - report.summary.devices_own + 1:
            rows.append(_ours(_TEMPLATES.get_template("apart.html").render(number=report.summary.devices_own)))
        carries = with_evidence < EVIDENCE_ROWS and used < EVIDENCE_BYTES
        row = _row(endpoint, number, report.session.at_s if carries else None)
        rows.append(row)
        used += len(row.encode())
        with_evidence += carries
    return fill("page.html", page=page_of(report), rows=rows, with_evidence=with_evidence)


def _row(endpoint: EndpointReport, number: int, started_s: float | None) -> Markup:
    """With its evidence where it is told when the session began. Most rows are the same again when the page is made anew."""
    said = endpoint, number, started_s
    return _ROWS.of(endpoint.judgement.endpoint, said, lambda: _drawn(*said))


def _drawn(endpoint: EndpointReport, number: int, started_s: float | None) -> Markup:
    drawer = drawer_of(endpoint, started_s) if started_s is not None else None
    return _ours(_TEMPLATES.get_template("row.html").render(row=row_of(endpoint, number), drawer=drawer))


def fill(template: str, **values: Any) -> str:
    """One of this package's templates, filled in."""
    return _TEMPLATES.get_template(template).render(**values) + "\n"
