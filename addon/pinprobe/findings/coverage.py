"""PIN-101, PIN-102 and PIN-301: which of the developer's own hosts are pinned, or nobody knows. Never about a third party's host."""

from collections.abc import Sequence

from pinprobe.findings.card import Check, Judged, Level, Told, about
from pinprobe.verdicts import Confidence, Verdict


def _open(judged: Sequence[Judged]) -> list[Told]:
    return about([j for j in judged if j.first_party and j.judgement.verdict is Verdict.UNPINNED])


def _guessed(judged: Sequence[Judged]) -> list[Told]:
    """Of hosts that nobody named: a note, and it says so."""
    return [
        Told(judged=j, text=f"guessed to be first party; {j.judgement.reason}", level=Level.NOTE)
        for j in judged
        if j.guessed and not j.first_party and j.judgement.verdict is Verdict.UNPINNED
    ]


def _pinned(judged: Sequence[Judged]) -> bool:
    return any(
        j.first_party and j.judgement.verdict is Verdict.PINNED and j.judgement.confidence is not Confidence.UNPROVEN
        for j in judged
    )


NOT_PINNED = Check(
    id="PIN-101",
    level=Level.NOTE,
    title="First-party endpoints are not pinned",
    why="Pinning is defence in depth, asked for by MASVS level 2 on endpoints under the developer's control.",
    remedy="If the threat model asks for it: pin the intermediate CA's key plus a backup key, with an expiry date.",
    references=("MASVS-NETWORK-2", "MASWE-0028", "MASTG-TEST-0244"),
    find=lambda seen: [*_open(seen.judged), *_guessed(seen.judged)],
)
INCONSISTENT_COVERAGE = Check(
    id="PIN-102",
    level=Level.WARNING,
    title="Some first-party endpoints are pinned, others are not",
    why="What the pinned endpoint protects may travel through the other one.",
    remedy="Use one shared client, or one Network Security Config, for all first-party hosts.",
    references=("MASVS-NETWORK-2", "MASWE-0028", "MASTG-TEST-0242"),
    find=lambda seen: _open(seen.judged) if _pinned(seen.judged) else [],
)
UNDECIDED = Check(
    id="PIN-301",
    level=Level.NOTE,
    title="First-party endpoints could not be decided",
    why="What is not decided is neither pinned nor unpinned, and must not be read as either.",
    remedy="The endpoint's row says what is missing: a control, the CA in the system store, or simply more use.",
    references=("MASVS-NETWORK-2", "MASTG-TEST-0244"),
    find=lambda seen: about([j for j in seen.judged if j.first_party and j.judgement.verdict is Verdict.INCONCLUSIVE]),
)
