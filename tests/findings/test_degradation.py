"""PIN-104, PIN-105, PIN-106, PIN-208: the app does something weaker than to refuse."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import FLUTTER, Events, journal
from tests.rooms import all_judged

from pinprobe.findings import Judged, Seen, findings_of

YES, NO, OK, HTTP = b.accepted(), b.refused_alert(), b.relayed_ok(), b.cleartext()
ONCE = b.inside(b.accepted(requests=1), b.answered(200))
CANARY = [b.accepted("cdn.example.net"), *[b.refused_unknown_ca("cdn.example.net")] * 2]
LONGER = [*OK[:-1], b.closed(9.0, client_bytes=9000)]

CASES: dict[str, tuple[Events, set[str]]] = {
    "cleartext after refusals": (journal(*[NO, HTTP] * 3, *[OK] * 7), {"PIN-106"}),
    "cleartext after an accept": (journal(YES, HTTP, YES, HTTP, OK), set()),
    "now so, now otherwise": (journal(NO, YES, NO, YES), {"PIN-104"}),
    "gave up": (journal(NO, NO, YES, YES), {"PIN-104"}),
    "late": (journal(YES, YES, NO, NO), {"PIN-104"}),
    "in one stack only": (journal(b.accepted(stack=FLUTTER), NO, NO, OK, *CANARY), {"PIN-104"}),
    "in one stack only, which may have roots of its own": (journal(b.accepted(stack=FLUTTER), NO, NO, OK), set()),
    "both": (journal(*[NO, HTTP] * 3, *[OK] * 7, YES, YES), {"PIN-104", "PIN-106"}),
    "the same exchange elsewhere": (
        journal(
            NO, b.cleartext("other.example.org"), *[NO, b.cleartext("other.example.org", repeats=2)] * 2, *[OK] * 9
        ),
        {"PIN-104"},
    ),
    "a request first": (journal(*[ONCE] * 9, *[LONGER] * 3), {"PIN-105"}),
    "a report": (journal(YES, b.pin_report(), YES), {"PIN-208"}),
    "a request first, and no answer": (journal(*[b.accepted(requests=1)] * 9, *[LONGER] * 3), set()),
    "mute": (journal(*[b.silent()] * 3, *[OK] * 3, every_s=5.0), set()),
    "a hard failure": (journal(NO, NO, OK), set()),
}


@pytest.mark.parametrize(("events", "expected"), CASES.values(), ids=CASES.keys())
def test_degradations(events: Events, expected: set[str]) -> None:
    judged = [Judged(judgement=judgement, first_party=False) for judgement in all_judged(events)]
    assert {finding.id for finding in findings_of(Seen(judged=tuple(judged)))} == expected
