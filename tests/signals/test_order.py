"""In which order one stack refused and accepted: where it is known, and where the network may have refused."""

from __future__ import annotations

from itertools import permutations

import pytest
from tests import builders as b
from tests.builders import FLUTTER, Events, journal
from tests.rooms import answer
from tests.rounds import rounds, story, with_controls

from pinprobe import events as ev
from pinprobe.signals import State
from pinprobe.signals.gave_up_checking import GAVE_UP_CHECKING
from pinprobe.signals.late_enforcement import LATE_ENFORCEMENT
from pinprobe.signals.mixed_outcomes import MIXED_OUTCOMES

P, A, U = State.PRESENT, State.ABSENT, State.UNKNOWN
YES, NO, AFTER = b.accepted(), b.refused_alert(), b.pinned_after_handshake()
BARE, BROKEN, UNCLEAR, EARLY = (
    b.closed_in_handshake(),
    b.relayed_failed(),
    b.relayed_ok(worked=None),
    b.closed_before_certificate(),
)
CARDS = (MIXED_OUTCOMES, GAVE_UP_CHECKING, LATE_ENFORCEMENT)


def states(events: Events) -> list[State]:
    """In no order, refused first, accepted first."""
    return [answer(card, events).state for card in CARDS]


def apart(*connections: Events) -> Events:
    """Far enough from one another to be no spare socket and no burst."""
    return journal(*connections, every_s=5.0)


NEITHER: dict[str, tuple[Events, State]] = {
    "never refused": (apart(YES, YES), A),
    "never accepted": (apart(NO, NO), A),
    "relayed only": (apart(b.relayed_ok()), U),
    "one refusal": (apart(YES, YES, YES, NO), U),
    "one accept": (apart(NO, NO, NO, YES), U),
    "refused by another stack": (apart(YES, YES, *[b.refused_alert(stack=FLUTTER)] * 2), A),
    "refused under a CA that nobody trusts": (apart(YES, YES, *[b.refused_alert(probe_id="unknown_ca")] * 2), A),
    "closed without alert in the handshake": (apart(YES, YES, *[BARE] * 4), A),
    "spare sockets beside data": (journal(YES, AFTER, YES, AFTER, every_s=0.5), A),
    "closes that a missing SNI explains": (
        apart(b.accepted(sni=False), YES, *[b.pinned_after_handshake(sni=False)] * 2),
        A,
    ),
    "closes that a client certificate explains": (
        apart(YES, YES, *[b.pinned_after_handshake(mutual_tls=True)] * 2),
        A,
    ),
    "alerts that are not about the certificate": (apart(YES, YES, *[b.refused_alert(alert=80)] * 2), A),
    "a server that cannot be reached": (apart(YES, YES, *[b.upstream_failed()] * 2), A),
}


@pytest.mark.parametrize(("events", "state"), NEITHER.values(), ids=NEITHER.keys())
def test_all_three_are_silent(events: Events, state: State) -> None:
    assert states(events) == [state] * 3


@pytest.mark.parametrize("order", sorted(set(permutations("nnyy"))), ids="".join)
def test_of_two_refusals_and_two_accepts_exactly_one_is_present(order: tuple[str, ...]) -> None:
    expected = {"nnyy": [A, P, A], "yynn": [A, A, P]}.get("".join(order), [P, A, A])
    assert states(apart(*[{"n": NO, "y": YES}[one] for one in order])) == expected


# -- a flaky network -----------------------------------------------------------------------------------------

CLOSES = [AFTER, YES] * 3

FAULTS: dict[str, tuple[Events, State]] = {
    # Three empty closes or more among accepts, and what else broke off.
    "nothing else broke off": (apart(*CLOSES), P),
    "one handshake broke off": (apart(*CLOSES, BARE), P),
    "one client left before the certificate": (apart(*CLOSES, EARLY), P),
    "one relay broke off": (apart(*CLOSES, BROKEN), P),
    "one relay ended too early to tell": (apart(*CLOSES, UNCLEAR), P),
    "two handshakes broke off": (apart(*CLOSES, BARE, BARE), U),
    "two clients left before the certificate": (apart(*CLOSES, EARLY, EARLY), U),
    "two relays broke off": (apart(*CLOSES, BROKEN, BROKEN), U),
    "two relays ended too early to tell": (apart(*CLOSES, UNCLEAR, UNCLEAR), U),
    "one of each of two kinds": (apart(*CLOSES, BARE, BROKEN), U),
    "two broke off beside four": (apart(*CLOSES, AFTER, BROKEN, BROKEN), U),
    "two broke off beside five": (apart(*CLOSES, AFTER, AFTER, BROKEN, BROKEN), P),
    "alerts are not the network's": (apart(NO, YES, NO, YES, *[BROKEN] * 9), P),
    "one alert beside empty closes does not decide": (apart(NO, *CLOSES, *[BROKEN] * 9), U),
    "two alerts beside empty closes do": (apart(NO, *CLOSES, NO, *[BROKEN] * 9), P),
    "relays of another stack": (apart(*CLOSES, *[b.relayed_failed(stack=FLUTTER)] * 9), P),
}


@pytest.mark.parametrize(("events", "state"), FAULTS.values(), ids=FAULTS.keys())
def test_a_flaky_network_refuses_nothing(events: Events, state: State) -> None:
    assert answer(MIXED_OUTCOMES, with_controls(events)).state is state


@pytest.mark.parametrize(("controls", "state"), [(0, U), (8, U), (9, P)])
def test_closes_beside_accepts_want_controls_that_the_network_spares(controls: int, state: State) -> None:
    assert answer(MIXED_OUTCOMES, with_controls(apart(*CLOSES), controls)).state is state


def test_a_network_that_breaks_connections_elsewhere_may_have_broken_these() -> None:
    elsewhere = [b.relayed_ok("cdn.example.net"), *[b.relayed_failed("cdn.example.net")] * 4]
    assert answer(MIXED_OUTCOMES, with_controls(apart(*CLOSES, *elsewhere), 12)).state is U
    other_app = [b.attributed("org.example.other", connection) for connection in elsewhere]
    assert answer(MIXED_OUTCOMES, with_controls(apart(*CLOSES, *other_app), 12)).state is P


# -- the device's own hosts ------------------------------------------------------------------------------------


def of_category(category: str | None) -> Events:
    known = b.host_known("api.example.com", "example.com", category=category)
    return story((0, known), *rounds((NO,), (YES,), (NO,), (YES,)))


@pytest.mark.parametrize("category", ["os", "oem", "pki", "google-play-services", "browser"])
def test_hosts_of_the_device_may_be_two_programs(category: str) -> None:
    assert states(of_category(category)) == [U, U, U]


@pytest.mark.parametrize("category", [None, "cdn", "analytics"])
def test_other_hosts_are_the_apps(category: str | None) -> None:
    assert states(of_category(category)) == [P, A, A]


@pytest.mark.parametrize(("phase", "state"), [(ev.IDLE, U), (ev.CONTROL, P)])
def test_a_host_that_was_spoken_to_while_the_device_was_idle(phase: str, state: State) -> None:
    events = story(
        (5, b.relayed_ok()),
        (10, b.marked(ev.TEST)),
        *rounds((NO,), (YES,), (NO,), (YES,)),
        phase=phase,
    )
    assert states(events)[0] is state


def test_another_host_that_was_spoken_to_does_not_count() -> None:
    events = story(
        (5, b.relayed_ok("time.example.org")),
        (10, b.marked(ev.TEST)),
        *rounds((NO,), (YES,), (NO,), (YES,)),
        phase=ev.IDLE,
    )
    assert states(events) == [P, A, A]


def test_counts_are_of_the_rarer_kind() -> None:
    signal = answer(MIXED_OUTCOMES, apart(NO, YES, NO, YES, YES, YES))
    assert (signal.count, signal.of) == (2, 6)


LACKING: dict[str, Events] = {
    "1 refused, 3 accepted: 2 of each are needed": apart(YES, YES, YES, NO),
    "2 closed without alert, those of one moment counted once: 3 are needed": apart(AFTER, YES, AFTER, YES),
    "2 other connections broke off as well: the network may have closed these 3": apart(*CLOSES, BROKEN, BROKEN),
    "3 of 16 closed without alert: cancellations": apart(*CLOSES, *[YES] * 10),
    "3 closed without alert, 2 accepted: chance may order them so": apart(AFTER, AFTER, AFTER, YES, YES),
    "the device speaks to this host by itself, so there may be two programs": of_category("os"),
    "3 without alert, 0 of 0 relayed that worked: too few to exclude the network": apart(*CLOSES),
    "3 without alert, and 4 of 17 other connections of the app broke off: too few to exclude the network": with_controls(
        apart(*CLOSES, b.relayed_ok("cdn.example.net"), *[b.relayed_failed("cdn.example.net")] * 4), 12
    ),
    "one device refuses and another accepts, so the CA may be missing on one": apart(
        *[b.refused_alert(client=2)] * 3, *[YES] * 3
    ),
}


def test_what_is_lacking_is_said() -> None:
    assert {answer(MIXED_OUTCOMES, events).note: words for words, events in LACKING.items()} == {
        words: words for words in LACKING
    }
