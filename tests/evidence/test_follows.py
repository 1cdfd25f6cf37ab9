"""What follows refusals and never else: counted exactly, compared with what worked, and only of one client and app."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests import builders as b
from tests.builders import CONSCRYPT, FLUTTER, Events, closed, inside
from tests.rooms import HOST
from tests.rounds import story, times, told

from pinprobe.attempts import Endpoint
from pinprobe.evidence import Follow, How, evidence_of, follows_of
from pinprobe.thresholds import FALLBACK_WINDOW_S

NO, OK, YES, HTTP = b.refused_alert(), b.relayed_ok(), b.accepted(), b.cleartext()
DOWN = b.upstream_failed()
ELSEWHERE = b.accepted("backup.example.net")


def endpoint(host: str = HOST, port: int = 443, transport: str = "tcp", app: str = "com.example.app") -> Endpoint:
    return Endpoint(app_id=app, host=host, port=port, transport=transport)


def found(events: Events) -> list[tuple[str, Follow]]:
    """The host that refused, and what follows there."""
    return [
        (source[0].host, follow) for source, several in follows_of(evidence_of(events)).items() for follow in several
    ]


def one(events: Events) -> Follow:
    ((host, follow),) = found(events)
    assert host == HOST
    return follow


COUNTS: dict[str, tuple[Events, tuple[int, int, int] | None]] = {
    # followed, refused, worked
    "each refusal": (told((NO, HTTP), (NO, HTTP)), (2, 2, 0)),
    "some refusals": (told((NO, HTTP), (NO,), (NO, HTTP)), (2, 3, 0)),
    "once": (told((NO, HTTP), (NO,)), (1, 2, 0)),
    "and never the control": (told((NO, HTTP), (OK,), (NO, HTTP), (OK,), (OK,)), (2, 2, 3)),
    "and never an accept": (told((NO, HTTP), (YES,), (NO, HTTP)), (2, 2, 1)),
    "a refusal under a CA that nobody trusts, too": (
        told((NO, HTTP), (b.refused_alert(probe_id="unknown_ca"), HTTP), (OK,)),
        (2, 2, 1),
    ),
    "never": (told((NO,), (NO,), (OK,)), None),
    "the control as well": (told((NO, HTTP), (NO, HTTP), (OK, HTTP)), None),
    "an accept as well": (told((NO, HTTP), (NO, HTTP), (YES, HTTP)), None),
    "the control in between": (told((NO, OK, HTTP), (NO, HTTP)), None),
    "a refusal after the control": (told((OK, NO, HTTP), (NO, HTTP)), (2, 2, 0)),
    "what worked before the first refusal counts for nothing": (
        told(*times(30, OK), (YES,), (NO, HTTP), (OK,), (NO, HTTP), (YES,)),
        (2, 2, 2),
    ),
    "there before anything": (told((HTTP,), (NO, HTTP), (NO, HTTP)), None),
    "there by itself, long after": (told((NO, HTTP), (NO, HTTP), (HTTP,)), None),
    "several contacts at once count once": (told((NO, HTTP, HTTP, HTTP), (NO, HTTP)), (2, 2, 0)),
    "after a failure of another kind it is no refusal's": (told((NO, HTTP), (DOWN, HTTP)), (1, 1, 0)),
    "only after failures of another kind": (told((NO,), (DOWN, HTTP), (DOWN, HTTP)), None),
    "silence in between says nothing": (
        told((NO, b.resumed(), HTTP), (NO, HTTP)),
        (2, 2, 0),
    ),
}


@pytest.mark.parametrize(("events", "counts"), COUNTS.values(), ids=COUNTS.keys())
def test_counts(events: Events, counts: tuple[int, int, int] | None) -> None:
    got = [(follow.count, follow.refused, follow.worked) for _, follow in found(events)]
    assert got == ([] if counts is None else [counts])


WINDOW: dict[str, tuple[float, int | None]] = {
    # seconds from the refusal's beginning (it is decided 42 ms later) to the contact, and the delay in ms
    "at once": (0.040, 0),
    "a moment later": (0.540, 500),
    "at the end of the window": (FALLBACK_WINDOW_S + 0.039, 4999),
    "too late": (FALLBACK_WINDOW_S + 0.041, None),
}


@pytest.mark.parametrize(("after_s", "delay_ms"), WINDOW.values(), ids=WINDOW.keys())
def test_the_window_is_counted_from_the_decision(after_s: float, delay_ms: int | None) -> None:
    # A contact by cleartext is seen 2 ms after the connection's beginning.
    got = found(story((10, NO), (10 + after_s, HTTP)))
    assert [follow.delay_ms for _, follow in got] == ([] if delay_ms is None else [delay_ms])


def test_the_delay_is_the_median_of_the_first_contact_after_each_refusal() -> None:
    follow = one(story((10, NO), (10.14, HTTP), (11, HTTP), (30, NO), (30.24, HTTP), (50, NO), (50.64, HTTP)))
    assert (follow.count, follow.delay_ms) == (3, 200)


# -- what is seen before the end of what it follows -------------------------------------------------------

LONG_S = 3 * FALLBACK_WINDOW_S
"""How long a connection stays open before it is refused, or fails."""
REFUSED_LATE = [*b.began(), b.established(), b.alert(LONG_S, 46, after_established=True), closed(LONG_S)]
FAILED_LATE = [*DOWN[:2], *[replace(event, at_s=LONG_S) for event in DOWN[2:]]]

OVERTAKEN: dict[str, tuple[Events, tuple[int, int] | None]] = {
    # followed, delay
    "before the refused connection's end": (story((10, b.pinned_after_handshake()), (10.02, HTTP)), (1, 0)),
    "before the end of one that is accepted": (story((5, NO), (10, YES), (10.02, HTTP)), None),
    "of two it follows the later one": (story((10, YES), (10.5, NO), (10.52, HTTP)), (1, 0)),
    "of two it follows the later one, which worked": (story((10, NO), (10.5, YES), (10.52, HTTP)), None),
    "of two it follows the later one, which failed otherwise": (story((10, NO), (10.5, DOWN), (10.52, HTTP)), None),
    "what is refused much later is not followed": (story((10, REFUSED_LATE), (10 + LONG_S / 2, HTTP)), None),
    "beside what is refused much later, soon after its beginning": (story((10, REFUSED_LATE), (11, HTTP)), (1, 0)),
}


@pytest.mark.parametrize(("events", "counts"), OVERTAKEN.values(), ids=OVERTAKEN.keys())
def test_overtaken(events: Events, counts: tuple[int, int] | None) -> None:
    assert [(follow.count, follow.delay_ms) for _, follow in found(events)] == ([] if counts is None else [counts])


def test_a_long_failure_excuses_no_contact_of_its_own_time() -> None:
    """A server that cannot be reached for long: what is contacted meanwhile follows nothing."""
    meanwhile = story((10, NO), (11, HTTP), (30, NO), (31, HTTP), (50, FAILED_LATE), (50 + LONG_S / 2, HTTP))
    assert found(meanwhile) == []


# -- of whom ------------------------------------------------------------------------------------------------


def of_app(app: str, *connections: Events) -> tuple[Events, ...]:
    return tuple(b.attributed(app, connection) for connection in connections)


STRANGERS: dict[str, Events] = {
    "another client": told(*times(3, NO, b.cleartext(client=2))),
    "another app": told(*times(3, b.attributed("com.one", NO), b.attributed("com.two", HTTP))),
    "another client as well": told(*times(3, NO, HTTP), (b.cleartext(client=2),)),
    "another client, for which it works": told(*times(3, NO, HTTP), (b.relayed_ok(client=2), b.cleartext(client=2))),
}


@pytest.mark.parametrize("events", STRANGERS.values(), ids=STRANGERS.keys())
def test_what_others_do_follows_nothing(events: Events) -> None:
    assert found(events) == []


def test_two_clients_of_one_app_count_together() -> None:
    both = told(*times(2, NO, HTTP), *times(2, b.refused_alert(client=2), b.cleartext(client=2)))
    assert (one(both).count, one(both).refused) == (4, 4)


def test_another_apps_traffic_to_the_same_place_is_its_own() -> None:
    mine, theirs = of_app("com.one", NO, HTTP), of_app("com.two", OK, HTTP)
    ((_, follow),) = found(told(mine, theirs, mine, theirs))
    assert (follow.target, follow.count, follow.worked) == (endpoint(port=80, app="com.one"), 2, 0)


def test_each_stack_is_followed_by_itself() -> None:
    other = b.refused_alert(stack=FLUTTER)
    evidence = evidence_of(told(*times(2, NO, HTTP), (other,), (other,)))
    assert list(follows_of(evidence)) == [(endpoint(), CONSCRYPT)]


# -- to where -----------------------------------------------------------------------------------------------

PLACES: dict[str, tuple[Events, Endpoint, How]] = {
    "cleartext": (HTTP, endpoint(port=80), How.HTTP),
    "cleartext of a sister host": (b.cleartext("www.example.com"), endpoint("www.example.com", 80), How.HTTP),
    "another host": (ELSEWHERE, endpoint("backup.example.net"), How.TLS),
    "another port": (b.accepted(port=8443), endpoint(port=8443), How.TLS),
    "raw TCP": (b.cleartext(port=7000, protocol="tcp"), endpoint(port=7000), How.TCP),
    "QUIC": (b.quic(HOST), endpoint(transport="udp"), How.QUIC),
    "a host that is relayed": (b.relayed_ok("backup.example.net"), endpoint("backup.example.net"), How.TLS),
}


@pytest.mark.parametrize(("connection", "target", "how"), PLACES.values(), ids=PLACES.keys())
def test_where_it_goes(connection: Events, target: Endpoint, how: How) -> None:
    follow = one(told(*times(2, NO, connection)))
    assert (follow.target, follow.how, follow.count) == (target, how, 2)


@pytest.mark.parametrize("purpose", ["revocation", "connectivity"])
def test_what_stacks_and_devices_ask_by_themselves_follows_nothing(purpose: str) -> None:
    assert found(told(*times(3, NO, b.cleartext(purpose=purpose)))) == []


def test_an_endpoint_does_not_follow_itself() -> None:
    assert found(story(*[(10.0 + number, NO) for number in range(6)])) == []


def test_where_the_host_itself_refused_that_is_followed() -> None:
    """Two hosts refuse in the same moment; each has a place of its own that follows."""
    sister = "img.example.com"
    events = told(*times(3, NO, b.refused_alert(sister), HTTP, b.cleartext(sister)))
    assert [(host, follow.target.host) for host, follow in found(events) if follow.how is How.HTTP] == [
        (HOST, HOST),
        (sister, sister),
    ]


def test_where_a_stranger_follows_it_follows_all_that_refused() -> None:
    events = told(*times(2, NO, b.refused_alert("img.example.com"), ELSEWHERE))
    assert [(host, follow.count) for host, follow in found(events) if follow.target.host == "backup.example.net"] == [
        (HOST, 2),
        ("img.example.com", 2),
    ]


# -- the same exchange -----------------------------------------------------------------------------------------


def cleartext(repeats: int | None = None) -> Events:
    return b.cleartext(repeats=repeats)


SAME: dict[str, tuple[Events, int]] = {
    # connections are numbered 1, 2, 3 ... in the order of this table
    "none": (told(*times(3, NO, HTTP)), 0),
    "the second one repeats the first": (told((NO, HTTP), (NO, cleartext(2)), (NO, HTTP)), 2),
    "the third one repeats the first": (told((NO, HTTP), (NO, HTTP), (NO, cleartext(2))), 2),
    "each repeats the first": (told((NO, HTTP), (NO, cleartext(2)), (NO, cleartext(2))), 3),
    "two and two": (told((NO, HTTP), (NO, cleartext(2)), (NO, cleartext(9)), (NO, cleartext(9))), 2),
    "of a stranger's": (told((ELSEWHERE,), (NO, cleartext(1)), (NO, HTTP)), 0),
    "of what was read here before": (told((YES,), (NO, cleartext(1)), (NO, HTTP)), 1),
}


@pytest.mark.parametrize(("events", "same"), SAME.values(), ids=SAME.keys())
def test_repetitions_among_the_contacts_that_follow(events: Events, same: int) -> None:
    assert [follow.same for _, follow in found(events) if follow.how is How.HTTP] == [same]


def test_a_repetition_over_tls_counts_as_well() -> None:
    again = inside(ELSEWHERE, *b.repeated(2))
    assert one(told((NO, ELSEWHERE), (NO, again))).same == 2


# -- chance ------------------------------------------------------------------------------------------------------

CHANCES = {
    (2, 2, 0): 1.0,
    (2, 2, 2): 0.25,
    (2, 2, 7): 4 / 81,
    (1, 3, 1): 0.75,
    (3, 3, 6): 1 / 27,
    (2, 4, 4): 0.25,
}


@pytest.mark.parametrize(("counts", "chance"), CHANCES.items(), ids=str)
def test_chance_is_that_all_fall_behind_refusals(counts: tuple[int, int, int], chance: float) -> None:
    """Of so many contacts, each behind any of the attempts alike."""
    count, refused, worked = counts
    follow = one(told(*times(count, NO, HTTP), *times(refused - count, NO), *times(worked, OK)))
    assert (follow.count, follow.refused, follow.worked) == counts
    assert follow.chance == pytest.approx(chance)
