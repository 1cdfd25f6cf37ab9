"""Events become attempts: settled once known, revised when the end adds something, and then forgotten."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from tests.builders import (
    START_S,
    Events,
    accepted,
    answered,
    began,
    closed,
    established,
    inside,
    journal,
    refused_alert,
    relayed_ok,
    session,
    silent,
)
from tests.rooms import attempts_of

from pinprobe import events as ev
from pinprobe.attempts import UNATTRIBUTED, AttemptFold, Outcome, Settled


def settled(events: Events) -> list[tuple[type[ev.Event], Settled]]:
    """What each event settled."""
    fold = AttemptFold()
    return [(type(event), found) for event in events if (found := fold.feed(event)) is not None]


def test_a_refusal_is_settled_by_its_alert() -> None:
    kind, first = settled(journal(refused_alert()))[0]
    # The alert alone does not end the handshake; its failure does.
    assert kind is ev.HandshakeFailed
    assert first.before is None
    assert first.attempt.outcome is Outcome.ALERT_DURING_HANDSHAKE


def test_the_first_request_settles_and_the_end_revises() -> None:
    found = settled(journal(accepted(requests=2)))
    assert [kind for kind, _ in found] == [
        ev.ApplicationDataSeen,
        ev.RequestSeen,
        ev.RequestSeen,
        ev.ConnectionClosed,
    ]
    for (_, one), (_, following) in pairwise(found):
        assert following.before == one.attempt
    assert [one.attempt.requests for _, one in found] == [0, 1, 2, 2]
    assert found[-1][1].attempt.ended_s is not None


def test_a_control_is_settled_while_it_is_open() -> None:
    kind, first = settled(journal(relayed_ok()))[0]
    assert (kind, first.attempt.outcome, first.attempt.ended_s) == (ev.Relayed, Outcome.RELAY_WORKED, None)


def test_a_server_that_failed_is_waited_for_no_longer_than_the_client() -> None:
    """mitmproxy goes on with the handshake: what the client then does is its own answer."""
    failed = ev.ServerFailed(
        at_s=0.002, connection_id=0, host="api.example.com", port=443, stage="tls", error="expired"
    )
    start, *rest = refused_alert(server=False)
    found = settled(journal([start, failed, *rest]))
    assert [one.attempt.outcome for _, one in found if one.before is None] == [Outcome.ALERT_DURING_HANDSHAKE]


def test_what_adds_nothing_revises_nothing() -> None:
    *events, _ = journal(refused_alert())
    assert isinstance(events[-1], ev.HandshakeFailed)
    assert settled([*events, events[-1]]) == settled(events)


def test_silence_is_revised_by_what_comes_later() -> None:
    late = ev.ApplicationDataSeen(at_s=15.0, connection_id=0, protocol="h2", preface_only=False)
    found = settled(journal([*began(), established(), closed(12.0, by="timer"), late, closed(16.0)]))
    assert [one.attempt.outcome for _, one in found] == [
        Outcome.SILENT,
        Outcome.DATA_EXCHANGED,
        Outcome.DATA_EXCHANGED,
    ]
    assert [one.before and one.before.outcome for _, one in found] == [None, Outcome.SILENT, Outcome.DATA_EXCHANGED]


def test_the_line_is_the_one_that_settled_it() -> None:
    events = journal(refused_alert(), accepted())
    fold = AttemptFold()
    for number, event in enumerate(events, start=1):
        found = fold.feed(event)
        assert fold.line == number
        assert found is None or found.attempt.line == number


def test_the_app_is_the_one_that_was_named() -> None:
    def app(app_id: str | None) -> str:
        return attempts_of(journal(accepted(), app_id=app_id))[0].endpoint.app_id

    assert app("com.example.app") == "com.example.app"
    assert app(None) == UNATTRIBUTED


def test_attribution_wins_whenever_it_comes() -> None:
    """What is settled later is the attributed app's."""
    late = accepted()
    named = ev.AppAttributed(at_s=0.061, connection_id=0, app_id="com.example.late", source_id="test")
    (attempt,) = attempts_of(journal([*late[:6], named, *late[6:]]))
    assert attempt.endpoint.app_id == "com.example.late"


def test_whether_a_connection_is_decided() -> None:
    """A stranger is, and so is one that is over."""
    fold = AttemptFold()
    said = {}
    for event in journal(refused_alert()):
        fold.feed(event)
        said[type(event).__name__] = fold.decided(1)
    assert {name for name, decided in said.items() if decided} == {
        "SessionStarted",
        "HandshakeFailed",
        "ConnectionClosed",
    }


def test_the_first_answer_has_its_moment() -> None:
    again = replace(answered(204), at_s=0.5)
    (attempt,) = attempts_of(journal(inside(accepted(), answered(200), again)))
    assert attempt.answered_s == START_S + 1.2
    (attempt,) = attempts_of(journal(accepted()))
    assert attempt.answered_s is None


def test_an_error_of_the_server_revises_what_was_settled() -> None:
    found = settled(journal(inside(accepted(requests=1), answered(503))))
    assert [(kind.__name__, one.attempt.trouble) for kind, one in found] == [
        ("ApplicationDataSeen", False),
        ("RequestSeen", False),
        ("ResponseSeen", True),
        ("ConnectionClosed", True),
    ]


def test_strangers_and_the_dead_are_ignored() -> None:
    """Events of a connection that never opened, or that come after its end."""
    whole = journal(refused_alert())
    assert settled([session(), *whole[2:]]) == []
    assert settled([*whole, *whole[2:]]) == settled(whole)


def test_the_end_of_the_journal_settles_what_is_open_once() -> None:
    fold = AttemptFold()
    for event in journal([*began(), established()], refused_alert()[:-3], silent()[:-1], accepted()):
        fold.feed(event)
    rest = fold.finish(START_S + 60)
    assert [(one.attempt.connection_id, one.attempt.outcome) for one in rest] == [
        (1, Outcome.SILENT),
        (2, Outcome.UNFINISHED),
    ]
    assert fold.finish(START_S + 70) == []


def test_a_connection_without_a_name_has_no_endpoint() -> None:
    nameless = [
        ev.ClientHelloSeen(
            at_s=event.at_s,
            connection_id=0,
            sni=None,
            server_host=None,
            server_port=443,
            alpn_offers=(),
            tls_versions_offered=(),
            ja4="",
            stack="",
        )
        if isinstance(event, ev.ClientHelloSeen)
        else event
        for event in refused_alert()
    ]
    assert attempts_of(journal(nameless)) == []


@given(st.permutations(refused_alert()[1:]))
def test_no_order_of_events_is_an_error(events: Events) -> None:
    """Hooks come in orders nobody promised; whatever is said then, it is one attempt at most."""
    assert len(attempts_of(journal([began()[0], *events]))) <= 1
