"""What an app did instead of failing, told in one line."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import FLUTTER, Events, journal
from tests.rooms import judged

from pinprobe.signals import SIGNALS, Kind
from pinprobe.verdicts.stories import STRONG_STORIES, WEAK_STORIES

YES, NO, OK = b.accepted(), b.refused_alert(), b.relayed_ok()
LONGER = [*OK[:-1], b.closed(9.0, client_bytes=9000)]
ELSEWHERE = "other.example.org"
CANARY = [b.accepted("cdn.example.net"), *[b.refused_unknown_ca("cdn.example.net")] * 2]

STORIES: dict[str, tuple[Events, str]] = {
    "cleartext": (
        journal(*[NO, b.cleartext()] * 3, *[OK] * 7),
        "refused 3 of 3, then turned to http://api.example.com 960 ms later",
    ),
    "cleartext, the same exchange": (
        journal(NO, b.cleartext(port=8080), NO, b.cleartext(port=8080, repeats=2), *[OK] * 7),
        "refused 2 of 2, then sent the same exchange to http://api.example.com:8080 960 ms later",
    ),
    "slowly": (
        journal(*[NO, b.cleartext()] * 3, *[OK] * 7, every_s=4.0),
        "refused 3 of 3, then turned to http://api.example.com 4.0 s later",
    ),
    "another host": (
        journal(NO, b.accepted(ELSEWHERE), NO, b.inside(b.accepted(ELSEWHERE), *b.repeated(2)), *[OK] * 7),
        "refused 2 of 2, then sent the same exchange to other.example.org:443 962 ms later",
    ),
    "a request first": (
        journal(*[b.inside(b.accepted(requests=1), b.answered(200))] * 9, *[LONGER] * 3),
        "sent a request and dropped the connection 9 of 9; 3 of 3 relayed went on",
    ),
    "a report": (
        journal(YES, b.pin_report(), YES),
        "reported a failed pin (trustkit), and 4 requests were decrypted all the same",
    ),
    "gave up": (journal(NO, NO, YES, YES), "refused 2 of 4, then accepted for good"),
    "late": (journal(YES, YES, NO, NO), "accepted 2, then refused 2 for good"),
    "mixed": (journal(NO, YES, NO, YES), "refused 2 of 4 and accepted 2, in no order"),
    "another stack": (
        journal(b.accepted(stack=FLUTTER), NO, NO, OK, *CANARY),
        "refused 2 of 2; another TLS stack sent data on 1 connection (one of 2 TLS stacks)",
    ),
    "another stack, later and more often": (
        journal(NO, NO, OK, *[b.accepted(stack=FLUTTER)] * 3, *CANARY),
        "refused 2 of 2; another TLS stack sent data on 3 connections (one of 2 TLS stacks)",
    ),
    "mute": (
        journal(*[b.silent()] * 3, *[OK] * 3, every_s=5.0),
        "connected and stayed silent 3 of 3, where relayed connections talk",
    ),
}


@pytest.mark.parametrize(("events", "story"), STORIES.values(), ids=STORIES.keys())
def test_stories(events: Events, story: str) -> None:
    judgement = judged(events)
    assert (judgement.verdict.value, judgement.reason) == ("suspicious", story)


def test_every_degradation_that_can_be_present_has_a_story() -> None:
    strong = {card.id for card in SIGNALS if card.kind is Kind.STRONG}
    weak = {card.id for card in SIGNALS if card.kind is Kind.WEAK}
    assert STRONG_STORIES.keys() == strong
    assert WEAK_STORIES.keys() <= weak
