"""FORMATS: one renderer per file. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from pinprobe.report import csv_format, html, json_format, junit, markdown, sarif
from pinprobe.report.model import Report
from pinprobe.report.outline import Outline, outline_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One way to write a report down."""

    id: str
    file_name: str
    media_type: str
    render: Callable[[Report], str]
    always: bool = False
    """Written whether it was asked for or not."""


def _outlined(render: Callable[[Outline], str]) -> Callable[[Report], str]:
    """A format that leaves the evidence out."""
    return lambda report: render(outline_of(report))


FORMATS: tuple[Format, ...] = (
    Format(id="html", file_name="report.html", media_type="text/html; charset=utf-8", render=html.render, always=True),
    Format(id="json", file_name="report.json", media_type="application/json", render=json_format.render, always=True),
    Format(id="sarif", file_name="report.sarif", media_type="application/sarif+json", render=_outlined(sarif.render)),
    Format(id="junit", file_name="report.junit.xml", media_type="application/xml", render=_outlined(junit.render)),
    Format(id="csv", file_name="report.csv", media_type="text/csv; charset=utf-8", render=_outlined(csv_format.render)),
    Format(
        id="markdown",
        file_name="report.md",
        media_type="text/markdown; charset=utf-8",
        render=_outlined(markdown.render),
    ),
)
