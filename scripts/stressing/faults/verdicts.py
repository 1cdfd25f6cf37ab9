"""What a bad network may do to a verdict, and what it may not. Pure."""

from __future__ import annotations

from typing import Literal

from tests.live.cases import Truth

Change = Literal["unchanged", "weaker", "otherwise", "wrong"]
CHANGES: tuple[Change, ...] = ("unchanged", "weaker", "otherwise", "wrong")

SAYS_NOTHING = frozenset({"inconclusive", "not_tested", "not listed"})
SURENESS = ("", "none", "unproven", "probable", "confirmed")


def change(truth: Truth, before: tuple[str, str], after: tuple[str, str]) -> Change:
    """From the verdict on a good network to that on a bad one; each with its confidence."""
    if is_wrong(truth, *after):
        return "wrong"
    if after == before:
        return "unchanged"
    if after[0] in SAYS_NOTHING:
        return "weaker"
    if after[0] == before[0]:
        return "weaker" if SURENESS.index(after[1] or "") < SURENESS.index(before[1] or "") else "otherwise"
    return "otherwise"


def is_wrong(truth: Truth, verdict: str, confidence: str) -> bool:
    """Whether this may never be said of such a client, on whatever network."""
    sure = verdict == "pinned" and confidence in {"probable", "confirmed"}
    match truth:
        case "unpinned" | "no_validation":
            return verdict in {"pinned", "suspicious"}
        case "pinned" | "pinned_distrusting":
            return verdict in {"unpinned", "suspicious"}
        case "distrusts" | "no_evidence":
            return sure or verdict in {"unpinned", "suspicious"}
        case "degrades":
            return False  # a refusal or a fallback that the network swallowed cannot be seen
