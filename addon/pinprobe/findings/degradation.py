"""PIN-104 and PIN-106: the app refuses, and then does something weaker."""

from collections.abc import Sequence

from pinprobe.findings.card import Check, Judged, Level
from pinprobe.signals import State
from pinprobe.verdicts import Verdict

_WEAK = ("mixed_outcomes", "gave_up_checking", "late_enforcement", "second_stack", "mixed_by_stack")


def _suspicious_by(judged: Sequence[Judged], signal_ids: tuple[str, ...]) -> list[Judged]:
    return [
        j
        for j in judged
        if j.judgement.verdict is Verdict.SUSPICIOUS
        and any(s.id in signal_ids and s.state is State.PRESENT for s in j.judgement.signals)
    ]


CLEARTEXT = Check(
    id="PIN-106",
    level=Level.ERROR,
    title="Falls back to cleartext after a refused certificate",
    why="Breaking the handshake is enough to read the traffic.",
    remedy="Fail closed, and set cleartextTrafficPermitted to false in the Network Security Config.",
    references=("MASVS-NETWORK-1", "MASWE-0026", "MASTG-TEST-0236", "CWE-319"),
    find=lambda judged: _suspicious_by(judged, ("cleartext_fallback",)),
)
WEAK_ENFORCEMENT = Check(
    id="PIN-104",
    level=Level.WARNING,
    title="The pin is enforced sometimes, late, or in one part of the app only",
    why="An attacker picks the moment or the client object that does not check.",
    remedy="Use one client with one configuration for the host, fail closed, and have no fallback client.",
    references=("MASVS-NETWORK-2", "MASWE-0028"),
    find=lambda judged: _suspicious_by(judged, _WEAK),
)
