"""Good-practice checks and FINDINGS, the table. Verdicts are facts; findings compare them with what is asked. Pure."""

from collections.abc import Sequence

from pinprobe.findings.card import Check, Finding, Judged, Level
from pinprobe.findings.coverage import INCONSISTENT_COVERAGE, NOT_PINNED
from pinprobe.findings.degradation import CLEARTEXT, LEAKED, REPORTS, WEAK_ENFORCEMENT
from pinprobe.findings.exemption import EXEMPTS_USER_CAS
from pinprobe.findings.validation import NO_VALIDATION

__all__ = ["FINDINGS", "Check", "Finding", "Judged", "Level", "findings_of"]

FINDINGS: tuple[Check, ...] = (
    NO_VALIDATION,
    LEAKED,
    CLEARTEXT,
    WEAK_ENFORCEMENT,
    INCONSISTENT_COVERAGE,
    NOT_PINNED,
    REPORTS,
    EXEMPTS_USER_CAS,
)


def findings_of(judged: Sequence[Judged]) -> list[Finding]:
    """Everything the checks have to say, in the table's order."""
    return [finding for check in FINDINGS if (finding := check.run(judged)) is not None]
