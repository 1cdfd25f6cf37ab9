"""Good-practice checks and FINDINGS, the table. Verdicts are facts; findings compare them with what is asked. Pure."""

from collections.abc import Sequence

from pinprobe.findings.card import Check, Finding, Judged, Level
from pinprobe.findings.coverage import INCONSISTENT_COVERAGE, NOT_PINNED
from pinprobe.findings.degradation import CLEARTEXT, WEAK_ENFORCEMENT
from pinprobe.findings.validation import NO_VALIDATION

__all__ = ["FINDINGS", "Check", "Finding", "Judged", "Level", "findings_of"]

FINDINGS: tuple[Check, ...] = (NO_VALIDATION, CLEARTEXT, WEAK_ENFORCEMENT, INCONSISTENT_COVERAGE, NOT_PINNED)


def findings_of(judged: Sequence[Judged]) -> list[Finding]:
    """Everything the checks have to say, in the table's order."""
    return [finding for check in FINDINGS if (finding := check.run(judged)) is not None]
