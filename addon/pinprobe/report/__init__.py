"""From evidence to pages: one model, one renderer per file, and FORMATS, the table. Pure, but for `files`."""

from collections.abc import Callable
from dataclasses import dataclass

from pinprobe.report import html, json_format
from pinprobe.report.model import Report

__all__ = ["FORMATS", "Format"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One way to write a report down."""

    id: str
    file_name: str
    media_type: str
    render: Callable[[Report], str]


FORMATS: tuple[Format, ...] = (
    Format(id="html", file_name="report.html", media_type="text/html; charset=utf-8", render=html.render),
    Format(id="json", file_name="report.json", media_type="application/json", render=json_format.render),
)
