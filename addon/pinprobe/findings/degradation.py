"""PIN-104, PIN-105, PIN-106 and PIN-208: the app does something weaker than to refuse."""

from pinprobe.evidence import Standing
from pinprobe.findings.card import Check, Judged, Level, Seen, Told, about
from pinprobe.signals import State
from pinprobe.verdicts import Verdict

_WEAK = (
    "mixed_outcomes",
    "gave_up_checking",
    "late_enforcement",
    "second_stack",
    "mixed_by_stack",
    "same_exchange_elsewhere",
)


def _suspicious_by(seen: Seen, signal_ids: tuple[str, ...]) -> list[Told]:
    return about([j for j in seen.judged if any(_shows(j, signal_id) for signal_id in signal_ids)])


def _shows(judged: Judged, signal_id: str, cause: str = "") -> bool:
    judgement = judged.judgement
    return judgement.verdict is Verdict.SUSPICIOUS and any(
        s.id == signal_id and s.state is State.PRESENT and s.cause == cause for s in judgement.signals
    )


CLEARTEXT = Check(
    id="PIN-106",
    level=Level.ERROR,
    title="Falls back to cleartext after a refused certificate",
    why="Breaking the handshake is enough to read the traffic.",
    remedy="Fail closed, and set cleartextTrafficPermitted to false in the Network Security Config.",
    references=("MASVS-NETWORK-1", "MASWE-0026", "MASTG-TEST-0236", "CWE-319"),
    find=lambda seen: _suspicious_by(seen, ("cleartext_fallback",)),
)
WEAK_ENFORCEMENT = Check(
    id="PIN-104",
    level=Level.WARNING,
    title="The pin is enforced sometimes, late, or in one part of the app only",
    why="An attacker picks the moment or the client object that does not check.",
    remedy="Use one client with one configuration for the host, fail closed, and have no fallback client.",
    references=("MASVS-NETWORK-2", "MASWE-0028"),
    find=lambda seen: _suspicious_by(seen, _WEAK),
)
LEAKED = Check(
    id="PIN-105",
    level=Level.ERROR,
    title="Sends a request before it checks the certificate",
    why="Whoever is in the middle has the request already, with its cookies and tokens.",
    remedy="Check the pin where the connection is made, in the trust manager or the Network Security Config, not after "
    "the answer.",
    references=("MASVS-NETWORK-2", "MASWE-0028", "CWE-295"),
    find=lambda seen: _suspicious_by(seen, ("leaked_before_check",)),
)
REPORTS = Check(
    id="PIN-208",
    level=Level.NOTE,
    title="Reports failed pins and does not enforce them",
    why="Somebody is told of the attack, and nobody is protected from it.",
    remedy="Once the reports are quiet, enforce the pins (TrustKit: enforcePinning).",
    references=("MASVS-NETWORK-2", "MASWE-0028"),
    find=lambda seen: about(
        [
            j
            for j in seen.judged
            if _shows(j, "report_only") or _shows(j, "declared_but_not_enforced", Standing.REPORT_ONLY)
        ]
    ),
)
