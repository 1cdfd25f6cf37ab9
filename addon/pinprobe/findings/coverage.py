"""PIN-101 and PIN-102: which of the developer's own hosts are pinned. Never about a third party's host."""

from collections.abc import Sequence

from pinprobe.findings.card import Check, Judged, Level
from pinprobe.verdicts import Confidence, Verdict


def _open(judged: Sequence[Judged]) -> list[Judged]:
    return [j for j in judged if j.first_party and j.judgement.verdict is Verdict.UNPINNED]


def _pinned(judged: Sequence[Judged]) -> list[Judged]:
    return [
        j
        for j in judged
        if j.first_party and j.judgement.verdict is Verdict.PINNED and j.judgement.confidence is not Confidence.UNPROVEN
    ]


NOT_PINNED = Check(
    id="PIN-101",
    level=Level.NOTE,
    title="First-party endpoints are not pinned",
    why="Pinning is defence in depth, asked for by MASVS level 2 on endpoints under the developer's control.",
    remedy="If the threat model asks for it: pin the intermediate CA's key plus a backup key, with an expiry date.",
    references=("MASVS-NETWORK-2", "MASWE-0028", "MASTG-TEST-0244"),
    find=_open,
)
INCONSISTENT_COVERAGE = Check(
    id="PIN-102",
    level=Level.WARNING,
    title="Some first-party endpoints are pinned, others are not",
    why="What the pinned endpoint protects may travel through the other one.",
    remedy="Use one shared client, or one Network Security Config, for all first-party hosts.",
    references=("MASVS-NETWORK-2", "MASWE-0028", "MASTG-TEST-0242"),
    find=lambda judged: _open(judged) if _pinned(judged) else [],
)
