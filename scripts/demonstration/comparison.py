"""The report beside the truth: one row per endpoint, and whether the verdict may stand. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from demonstration.cast import EVENTS, Expected, Role
from demonstration.deeds import deeds, in_words
from demonstration.performance import Told
from standin.clients import CLIENTS

HTTPS = 443
BESIDE: Mapping[tuple[str, int], tuple[str, Expected]] = {
    (EVENTS.host, 80): ("where that client goes instead", Expected(verdict="not_tested", confidences=("none",)))
}
"""Endpoints that no part stands for, and that the report lists all the same."""
HEADERS = ("endpoint", "what the client really does", "by its own word", "what pinprobe says", "agree")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One endpoint, from both sides."""

    endpoint: str
    truth: str
    own_word: str
    verdict: str
    fault: str
    """Why verdict and truth do not agree; empty if they do."""

    def cells(self) -> tuple[str, ...]:
        """In the order of HEADERS."""
        return self.endpoint, self.truth, self.own_word, self.verdict, f"NO: {self.fault}" if self.fault else "yes"


def compare(roles: Sequence[Role], told: Mapping[str, Told], report: Mapping[str, Any]) -> list[Row]:
    """A row for every part, and for every other endpoint that the report knows."""
    found = {(one["endpoint"]["host"], one["endpoint"]["port"]): one for one in report["endpoints"]}
    rows = [_row(role, told.get(role.part.host, Told()), found.pop((role.part.host, HTTPS), None)) for role in roles]
    for key, (truth, expected) in BESIDE.items():
        judged = found.pop(key, None)
        rows.append(_beside(key, truth, judged, _wrong(expected, judged)))
    rows += [_beside(key, "nobody in this app goes there", judged, "unexpected") for key, judged in found.items()]
    return rows


def _row(role: Role, told: Told, judged: Mapping[str, Any] | None) -> Row:
    part, player = role.part, role.player
    did = deeds(told.attempts)
    unseen = [deed for deed in part.shows if not did.get(deed)]
    fault = _wrong(part.expected, judged)
    if told.broken:
        fault = "the client broke"
    elif unseen:
        fault = f"by its own word the client never {' nor '.join(unseen)}"
    return Row(
        endpoint=f"{part.host}\n{part.what}",
        truth=f"{CLIENTS[player.client].title}: {player.does}.",
        own_word=told.broken or in_words(did),
        verdict=_said(judged),
        fault=fault,
    )


def _beside(key: tuple[str, int], truth: str, judged: Mapping[str, Any] | None, fault: str) -> Row:
    return Row(endpoint=f"{key[0]}:{key[1]}", truth=truth, own_word="–", verdict=_said(judged), fault=fault)


def _wrong(expected: Expected, judged: Mapping[str, Any] | None) -> str:
    if judged is None:
        return "missing"
    if judged["verdict"] != expected.verdict:
        return f"expected {_words(expected.verdict)}"
    if judged["confidence"] not in expected.confidences:
        return f"expected {' or '.join(expected.confidences)}"
    if expected.rule_id and judged["rule_id"] != expected.rule_id:
        return f"expected {_words(expected.rule_id)}"
    return ""


def _said(judged: Mapping[str, Any] | None) -> str:
    if judged is None:
        return "not in the report"
    sure = "" if judged["confidence"] == "none" else f" ({judged['confidence']})"
    return f"{_words(judged['verdict'])}{sure}\n{judged['reason']}"


def _words(identifier: str) -> str:
    return identifier.replace("_", " ")
