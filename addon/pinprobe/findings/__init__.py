"""Good-practice checks and FINDINGS, the table. Verdicts are facts; findings compare them with what is asked. Pure."""

from pinprobe.findings.card import Check, Finding, Judged, Level, Seen
from pinprobe.findings.coverage import INCONSISTENT_COVERAGE, NOT_PINNED, UNDECIDED
from pinprobe.findings.declared import DEBUGGABLE, MISSES_ITS_HOST, NOT_ENFORCED, TRUSTS_USER_CAS
from pinprobe.findings.degradation import CLEARTEXT, LEAKED, REPORTS, WEAK_ENFORCEMENT
from pinprobe.findings.exemption import EXEMPTS_USER_CAS
from pinprobe.findings.fetched import FETCHED
from pinprobe.findings.pins import EXPIRES, LEAF_ONLY, MATCHES_NOTHING, NO_BACKUP, ROOT_PINNED, SHA1, USELESS
from pinprobe.findings.validation import NO_VALIDATION

__all__ = ["FINDINGS", "Check", "Finding", "Judged", "Level", "Seen", "findings_of"]

FINDINGS: tuple[Check, ...] = (
    NO_VALIDATION,
    LEAKED,
    CLEARTEXT,
    NOT_ENFORCED,
    MATCHES_NOTHING,
    EXPIRES,
    WEAK_ENFORCEMENT,
    INCONSISTENT_COVERAGE,
    TRUSTS_USER_CAS,
    FETCHED,
    NO_BACKUP,
    LEAF_ONLY,
    MISSES_ITS_HOST,
    USELESS,
    NOT_PINNED,
    REPORTS,
    EXEMPTS_USER_CAS,
    ROOT_PINNED,
    SHA1,
    DEBUGGABLE,
    UNDECIDED,
)


def findings_of(seen: Seen) -> list[Finding]:
    """Everything the checks have to say, in the table's order."""
    return [finding for check in FINDINGS if (finding := check.run(seen)) is not None]
