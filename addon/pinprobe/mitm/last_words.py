"""What is said at the session's end: what was found, and where the pages are."""

from collections.abc import Iterator
from pathlib import Path

from pinprobe.evidence import Evidence
from pinprobe.policy import Policy, ruled_when_recorded
from pinprobe.report import text
from pinprobe.report.model import build_report
from pinprobe.report.safe_text import NAME_LIMIT, safe_text


def last_words(evidence: Evidence, home: str, policy: Policy | None, folder: Path) -> Iterator[str]:
    """The report of the app at `home` in words, and a line for each other app. `folder`: the session's."""
    report = ruled_when_recorded(policy, build_report(evidence, home, ""))
    yield f"{text.render(report)}\n\nreport: {folder / 'report.html'}"
    for other in report.others:
        name, page = safe_text(other.id, NAME_LIMIT), folder / other.folder / "report.html"
        yield f"also seen: {name}, {other.endpoints} endpoints: {page}"
