"""How another TLS stack behaves where this one refuses: the question that second_stack and mixed_by_stack share."""

from __future__ import annotations

import pytest
from tests import builders as b
from tests.builders import CONSCRYPT, FLUTTER, Events, journal
from tests.rooms import answer
from tests.rounds import rounds, story

from pinprobe import events as ev
from pinprobe.signals import State
from pinprobe.signals.mixed_by_stack import MIXED_BY_STACK
from pinprobe.signals.second_stack import SECOND_STACK

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
NO, OK, BARE = b.refused_alert(), b.relayed_ok(), b.closed_in_handshake()
OTHER, OTHER_NO = b.accepted(stack=FLUTTER), b.refused_alert(stack=FLUTTER)
AFTER = b.pinned_after_handshake()
CDN = "cdn.example.net"
CANARY = [b.accepted(CDN), *[b.refused_unknown_ca(CDN)] * 2]
"""Another endpoint, where this very stack trusts the CA and tells it from one that nobody trusts."""
EXPIRY = [
    *[b.refused_alert(alert=45, probe_id="expired")] * 2,
    *[b.refused_alert(alert=48, probe_id="expired_unknown_ca")] * 2,
]
"""Of an expired certificate of the CA only the date is refused."""
CHECKED = [b.refused_alert(probe_id="unknown_ca")] * 2


def proven(*connections: Events) -> Events:
    """The stack that refuses here is known to trust the CA."""
    return journal(*connections, *CANARY)


def states(events: Events, stack: str = CONSCRYPT) -> list[State]:
    """second_stack, mixed_by_stack."""
    return [answer(card, events, stack=stack).state for card in (SECOND_STACK, MIXED_BY_STACK)]


NEITHER: dict[str, tuple[Events, State]] = {
    "one stack": (journal(NO, NO, OK), U),
    "one refusal may be an accident": (proven(OTHER, NO, OTHER), U),
    "nothing refused": (journal(b.accepted(), OTHER), A),
    "the other refuses as well": (proven(NO, NO, OTHER, OTHER_NO), A),
    "the other refuses, and accepted before": (proven(OTHER, NO, NO, OTHER_NO), A),
    "the other is only relayed": (proven(NO, NO, b.relayed_ok(stack=FLUTTER)), U),
    "the other is neutral": (proven(NO, NO, b.silent(stack=FLUTTER)), A),
    "this one accepts as well": (proven(NO, NO, b.accepted(), OTHER), A),
    "the other is at another host": (proven(NO, NO, b.accepted("img.example.net", stack=FLUTTER)), U),
    "the other is at another port": (proven(NO, NO, b.accepted(port=8443, stack=FLUTTER)), U),
    "closes without alert, too few": (journal(OTHER, *[BARE] * 4, *[OK] * 5, *EXPIRY, every_s=5.0), A),
    # -- the CA may be missing
    "not known to trust the CA, before": (journal(OTHER, NO, NO), U),
    "not known to trust the CA, after": (journal(NO, NO, OTHER), U),
    "not known to trust the CA, refused after the handshake": (journal(*[AFTER] * 3, *[OK] * 3, OTHER), U),
    "closes after the handshake that a network makes, too": (journal(AFTER, AFTER, OTHER, *CHECKED), U),
    "another stack is known to trust the CA": (
        journal(NO, NO, OTHER, b.accepted(CDN, stack=FLUTTER), *[b.refused_unknown_ca(CDN, stack=FLUTTER)] * 2),
        U,
    ),
    "refused with another alert than the canary's": (proven(*[b.refused_alert(alert=48)] * 2, OTHER), U),
    "another device accepts": (proven(NO, NO, b.accepted(stack=FLUTTER, client=2)), U),
    "another device accepted before": (proven(b.accepted(stack=FLUTTER, client=2), NO, NO), U),
    "refused under a CA that nobody trusts alone": (journal(OTHER, *[b.refused_alert(probe_id="unknown_ca")] * 3), A),
}


@pytest.mark.parametrize(("events", "state"), NEITHER.values(), ids=NEITHER.keys())
def test_neither(events: Events, state: State) -> None:
    assert states(events) == [state, state]


def test_closes_without_alert_have_their_time_too() -> None:
    """Enough of them are refusals; the other stack was there before them."""
    assert states(journal(OTHER, *[BARE] * 5, *[OK] * 5, *EXPIRY, every_s=5.0)) == [A, P]
    assert states(journal(*[BARE] * 5, *[OK] * 5, *EXPIRY, OTHER, every_s=5.0)) == [P, A]


PROOFS: dict[str, Events] = {
    "a canary of the same stack": journal(NO, NO, OTHER, *CANARY),
    "the date alone is wrong": journal(*[b.refused_alert(alert=48)] * 2, OTHER, *EXPIRY),
    "an unknown CA fails inside the handshake": journal(*[AFTER] * 3, OTHER, *[OK] * 3, *CHECKED),
}


@pytest.mark.parametrize("events", PROOFS.values(), ids=PROOFS.keys())
def test_whatever_proves_that_this_stack_trusts_the_ca(events: Events) -> None:
    assert states(events) == [P, A]


def test_an_unknown_ca_inside_the_handshake_proves_nothing_of_refusals_there() -> None:
    assert states(journal(NO, NO, OTHER, *CHECKED)) == [U, U]


def test_a_stack_that_was_relayed_before_is_no_second_one() -> None:
    """It is there all along, and merely accepts for the first time after the refusals."""
    assert states(proven(b.relayed_ok(stack=FLUTTER), NO, NO, OTHER)) == [A, P]
    assert states(proven(NO, b.relayed_ok(stack=FLUTTER), NO, OTHER)) == [P, A]


def test_two_devices_that_do_the_same_count_together() -> None:
    both = [(NO, OTHER), (b.refused_alert(client=2), b.accepted(stack=FLUTTER, client=2))]
    assert states(proven(*[connection for pair in zip(*both, strict=True) for connection in pair])) == [P, A]


@pytest.mark.parametrize("category", ["os", "oem", "pki", "google-play-services", "browser"])
def test_hosts_of_the_device_may_be_two_programs(category: str) -> None:
    known = b.host_known("api.example.com", "example.com", category=category)
    assert states(story((0, known), *rounds((NO,), (NO,), (OTHER,), CANARY))) == [U, U]


@pytest.mark.parametrize(("phase", "expected"), [(ev.IDLE, [U, U]), (ev.CONTROL, [P, A])])
def test_a_host_that_was_spoken_to_while_the_device_was_idle(phase: str, expected: list[State]) -> None:
    events = story((5, OK), (10, b.marked(ev.TEST)), *rounds((NO,), (NO,), (OTHER,), CANARY), phase=phase)
    assert states(events) == expected


def test_the_accepting_stack_itself_is_asked_in_vain() -> None:
    assert states(proven(OTHER, NO, NO), stack=FLUTTER) == [A, A]


def test_all_accepting_stacks_are_named_and_counted() -> None:
    third = b.accepted(stack="t13d0000_third")
    signal = answer(SECOND_STACK, proven(NO, NO, OTHER, OTHER, third))
    assert (signal.count, signal.of, signal.note) == (2, 2, f"3 by {FLUTTER}, t13d0000_third")


LACKING: dict[str, Events] = {
    "only one stack was seen here": journal(NO, NO, OK),
    "only 1 refusal; 2 are needed": proven(NO, OTHER),
    "the device speaks to this host by itself, so the stacks may be two programs'": proven(
        b.host_known("api.example.com", "example.com", category="os"), NO, NO, OTHER
    ),
    "one device refuses and another accepts, so the CA may be missing on one": proven(
        NO, NO, b.accepted(stack=FLUTTER, client=2)
    ),
    "this stack is not known to trust the CA: it may have roots of its own": journal(NO, NO, OTHER),
    "no refusal here is beyond doubt": journal(
        *[b.pinned_after_handshake(mutual_tls=True)] * 3, OTHER, *[OK] * 3, *CHECKED
    ),
    "3 without alert, 2 of 2 relayed that worked: too few to exclude the network": journal(
        *[AFTER] * 3, OTHER, OK, OK, *CHECKED
    ),
}


@pytest.mark.parametrize(("words", "events"), LACKING.items(), ids=LACKING.keys())
def test_what_is_lacking_is_said(words: str, events: Events) -> None:
    assert [answer(card, events).note for card in (SECOND_STACK, MIXED_BY_STACK)] == [words] * 2
