"""Reports of sessions that are full of other people's words, in every format: well-formed, and without their markup."""

from __future__ import annotations

import csv
import io
import json
import re
from xml.etree import ElementTree

from pinprobe.evidence import Evidence
from pinprobe.private import in_bytes
from pinprobe.report import FORMATS, text
from pinprobe.report.model import build_report
from pinprobe.report.safe_text import safe_text
from stressing.fuzz import journals
from stressing.fuzz.target import Broken, Check, Target
from stressing.fuzz.targets.evidence import sound

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)")
"""CommonMark, section 6.1: where other people's words stand, and mean nothing."""
_SCRIPT = re.compile(r"<script>window|<img|onerror=window\.pwned=1>")


def _prepare() -> Check:
    def check(data: bytes) -> None:
        safe_text(data.decode("utf-8", "surrogateescape"))
        evidence = Evidence()
        for event in sound(data):
            evidence.feed(event)
        evidence.finish()
        for app_id in evidence.apps():
            report = build_report(evidence, app_id, "")
            for format in FORMATS:
                _look_at(format.id, format.render(report))
            _look_at("text", text.render(report))

    return check


def _look_at(id: str, shown: str) -> None:
    # As it stands in its file; JSON writes what is odd as escapes.
    in_bytes(shown).decode("utf-8")
    if found := _CONTROLS.search(shown.replace("\r\n", "\n")):
        raise Broken(f"{id} holds {found[0]!r}")
    match id:
        case "json" | "sarif":
            json.loads(shown)
        case "junit":
            ElementTree.fromstring(shown)  # noqa: S314  # our own
        case "csv":
            list(csv.reader(io.StringIO(shown), strict=True))
        case "html" | "markdown":
            if found := _SCRIPT.search(shown if id == "html" else _CODE_SPAN.sub("", shown)):
                raise Broken(f"{id} holds {found[0]!r}")


TARGET = Target(
    name="report",
    about="reports in every format, of sessions full of hostile words",
    prepare=_prepare,
    seeds=lambda: (*journals.sessions(), *journals.hostile()),
    mutate=journals.journal_mutated,
    limit_s=5.0,
)
