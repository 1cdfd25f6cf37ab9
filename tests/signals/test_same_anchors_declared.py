"""same_anchors_declared: the configuration trusts our CA for both, by the very same anchors."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import OTHER_PIN, Events
from tests.rooms import HOST, answer

from pinprobe.signals import State
from pinprobe.signals.same_anchors_declared import SAME_ANCHORS_DECLARED

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
CDN, IMG = "cdn.example.net", "img.example.com"
NO = [b.refused_alert(), b.refused_alert(), b.relayed_ok()]
BOTH, SYSTEM = ("system", "user"), ("system",)


def canary(host: str = CDN) -> list[Events]:
    return [b.accepted(host), *[b.refused_unknown_ca(host)] * 2]


def anchors(host: str, *its: str) -> Events:
    return b.declares(host, anchors=its)


CASES: dict[str, tuple[list[Events], str, State]] = {
    "the same": ([anchors(HOST, *BOTH), anchors(CDN, *BOTH), *canary()], "user", P),
    "the same, store unknown": ([anchors(HOST, *BOTH), anchors(CDN, *BOTH), *canary()], "unknown", P),
    "others": ([anchors(HOST, *BOTH), anchors(CDN, "user"), *canary()], "user", A),
    "the same, which do not hold the CA": ([anchors(HOST, *SYSTEM), anchors(CDN, *SYSTEM), *canary()], "user", A),
    "the same, and whether they hold the CA nobody said": (
        [anchors(HOST, *SYSTEM), anchors(CDN, *SYSTEM), *canary()],
        "unknown",
        U,
    ),
    "the same certificate of the app's own": (
        [anchors(HOST, f"raw:{OTHER_PIN}"), anchors(CDN, f"raw:{OTHER_PIN}"), *canary()],
        "system",
        A,
    ),
    "no canary": ([anchors(HOST, *BOTH), anchors(CDN, *BOTH), b.accepted(CDN)], "user", U),
    "canary not resolved": ([anchors(HOST, *BOTH), *canary()], "user", A),
    "this host not resolved": ([anchors(CDN, *BOTH), *canary()], "user", U),
    "the third canary has them": (
        [anchors(HOST, *BOTH), anchors(IMG, *BOTH), *canary("a.example.net"), *canary(CDN), *canary(IMG)],
        "user",
        P,
    ),
}


@pytest.mark.parametrize(("facts", "store", "expected"), CASES.values(), ids=CASES.keys())
def test_same_anchors(facts: list[Events], store: str, expected: State) -> None:
    signal = answer(SAME_ANCHORS_DECLARED, b.journal(b.package(), *facts, *NO, ca_store=store))
    assert signal.state is expected, signal.note


def test_a_stack_that_is_not_the_platforms_is_not_bound_by_them() -> None:
    facts = [b.package(), anchors(HOST, *BOTH), anchors(CDN, *BOTH), b.accepted(CDN)]
    others = [*[b.refused_unknown_ca(CDN, alert=48)] * 2, *[b.refused_alert(alert=48)] * 2, b.relayed_ok()]
    assert answer(SAME_ANCHORS_DECLARED, b.journal(*facts, *others, ca_store="user")).state is U
