"""report_only: the report of a failed pin for a host whose traffic flows all the same."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import FLUTTER, Events, journal
from tests.rooms import answer

from pinprobe.signals import State
from pinprobe.signals.report_only import REPORT_ONLY

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
NO, YES, ONE, OK = b.refused_alert(), b.accepted(), b.accepted(requests=1), b.relayed_ok()
REPORT, ELSEWHERE = b.pin_report(), b.accepted("cdn.example.net")

CASES: dict[str, tuple[Events, State]] = {
    "traffic flows": (journal(YES, REPORT), P),
    "traffic flows, on two connections": (journal(ONE, REPORT, ONE), P),
    "the report comes first": (journal(REPORT, YES), P),
    "an HPKP report": (journal(YES, b.pin_report(format="hpkp", enforced=None)), P),
    "an Expect-CT report": (journal(YES, b.pin_report(format="expect-ct", enforced=None)), P),
    "a single request": (journal(ONE, REPORT), U),
    "no whole request": (journal(b.accepted(requests=0), REPORT), U),
    "it refuses": (journal(NO, NO, OK, REPORT), A),
    "it is silent": (journal(b.silent(), REPORT), A),
    "no report, where one could be seen": (journal(YES), A),
    "no report, where one could be seen elsewhere": (journal(NO, ELSEWHERE), A),
    "no report, where none could be seen": (journal(NO, NO, OK), U),
    "a report about another host": (journal(YES, b.pin_report("img.example.com")), A),
    "only relayed": (journal(OK, REPORT), U),
    "accepted under another certificate alone": (journal(b.accepted(probe_id="unknown_ca"), REPORT), A),
    "another stack accepts": (journal(NO, b.accepted(stack=FLUTTER), REPORT), A),
    "another app's report": (journal(YES, b.attributed("com.two", REPORT)), A),
}


@pytest.mark.parametrize(("events", "state"), CASES.values(), ids=CASES.keys())
def test_states(events: Events, state: State) -> None:
    assert answer(REPORT_ONLY, events).state is state


def test_it_counts_reports_and_requests_and_names_the_formats() -> None:
    signal = answer(REPORT_ONLY, journal(YES, REPORT, YES, b.pin_report(format="hpkp", enforced=None), REPORT))
    assert (signal.count, signal.of, signal.note) == (3, 4, "hpkp, trustkit")


def test_what_is_lacking_is_said() -> None:
    signal = answer(REPORT_ONLY, journal(ONE, REPORT))
    assert signal.note == "a report (trustkit) about this host, and only 1 request decrypted here"
