"""PIN-104 and PIN-106: the app refuses, and then does something weaker."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import FLUTTER, Events, journal
from tests.rooms import all_judged

from pinprobe.findings import Judged, findings_of

YES, NO, OK, HTTP = b.accepted(), b.refused_alert(), b.relayed_ok(), b.cleartext()

CASES: dict[str, tuple[Events, set[str]]] = {
    "cleartext after refusals": (journal(NO, HTTP, NO, HTTP, OK), {"PIN-106"}),
    "cleartext after an accept": (journal(YES, HTTP, YES, HTTP, OK), set()),
    "now so, now otherwise": (journal(NO, YES, NO, YES), {"PIN-104"}),
    "gave up": (journal(NO, NO, YES, YES), {"PIN-104"}),
    "late": (journal(YES, YES, NO, NO), {"PIN-104"}),
    "in one stack only": (journal(b.accepted(stack=FLUTTER), NO, NO, OK), {"PIN-104"}),
    "both": (journal(NO, HTTP, NO, HTTP, OK, YES, YES), {"PIN-104", "PIN-106"}),
    "mute": (journal(*[b.silent()] * 3, OK), set()),
    "a hard failure": (journal(NO, NO, OK), set()),
}


@pytest.mark.parametrize(("events", "expected"), CASES.values(), ids=CASES.keys())
def test_degradations(events: Events, expected: set[str]) -> None:
    judged = [Judged(judgement=judgement, first_party=False) for judgement in all_judged(events)]
    assert {finding.id for finding in findings_of(judged)} == expected
