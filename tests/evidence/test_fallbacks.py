"""Cleartext is joined to the refusal that it follows, also where it is seen before that refusal's end."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests import builders as b
from tests.builders import Events
from tests.rooms import attempt_of

from pinprobe.attempts import Settled
from pinprobe.evidence import fallbacks as fallbacks_module
from pinprobe.evidence.fallbacks import Fallbacks, Place
from pinprobe.thresholds import FALLBACK_WINDOW_S

HERE: Place = (1, "example.com")
ELSEWHERE: Place = (2, "example.com")


def settle(made: Fallbacks, connection: Events, number: int, at_s: float, place: Place = HERE) -> list[bool]:
    """This attempt is decided now; returns what the cleartext that waited for it followed: a refusal or not."""
    attempt = replace(attempt_of(connection), connection_id=number)
    return [followed.refused for followed in made.settled(Settled(attempt=attempt), place, at_s)]


def cleartext(made: Fallbacks, at_s: float, place: Place = HERE, port: int = 80) -> bool | None:
    """True after a refusal, False after something else, None where it follows nothing yet."""
    followed = made.cleartext(place, at_s, port)
    return None if followed is None else followed.refused


def test_after_a_refusal() -> None:
    made = Fallbacks()
    settle(made, b.refused_alert(), 1, 10.0)
    assert cleartext(made, 10.0) is True
    assert cleartext(made, 10.0 + FALLBACK_WINDOW_S) is True
    assert cleartext(made, 10.1 + FALLBACK_WINDOW_S) is False
    assert cleartext(made, 11.0, ELSEWHERE) is None


def test_it_says_of_whom_and_where() -> None:
    made = Fallbacks()
    settle(made, b.refused_alert(), 1, 10.0)
    followed = made.cleartext(HERE, 10.5, 8080)
    assert followed is not None
    assert (followed.endpoint.host, followed.stack, followed.port) == ("api.example.com", b.CONSCRYPT, 8080)


@pytest.mark.parametrize(
    ("connection", "follows"),
    [
        (b.refused_alert(), True),
        (b.pinned_after_handshake(), True),
        (b.closed_in_handshake(), True),
        (b.accepted(), False),
        (b.relayed_ok(), False),
        (b.silent(), None),
        (b.upstream_failed(), None),
        (b.relayed_failed(), None),
    ],
)
def test_only_what_was_decided_is_followed(connection: Events, follows: bool | None) -> None:
    made = Fallbacks()
    settle(made, connection, 1, 10.0)
    assert cleartext(made, 11.0) is follows


def test_the_latest_decision_counts() -> None:
    made = Fallbacks()
    settle(made, b.refused_alert(), 1, 10.0)
    settle(made, b.relayed_ok(), 2, 11.0)
    assert cleartext(made, 11.5) is False
    settle(made, b.refused_alert(), 3, 12.0)
    assert cleartext(made, 12.5) is True


def test_a_revision_that_changes_nothing_decides_nothing() -> None:
    made = Fallbacks()
    relay = attempt_of(b.relayed_ok())
    settle(made, b.relayed_ok(), 1, 9.0)
    settle(made, b.refused_alert(), 2, 10.0)
    made.settled(Settled(attempt=relay, before=relay), HERE, 10.2)
    assert cleartext(made, 10.5) is True


class TestOvertaken:
    """The request is seen while the connection that was refused is not yet seen to end."""

    def test_it_waits_for_the_attempt_beside_it(self) -> None:
        made = Fallbacks()
        made.began(1, HERE, 10.0)
        assert cleartext(made, 10.02) is None
        assert settle(made, b.pinned_after_handshake(), 1, 10.03) == [True]
        assert settle(made, b.relayed_ok(), 2, 20.0) == [], "and is counted once"

    def test_it_counts_otherwise_where_that_attempt_was_accepted(self) -> None:
        made = Fallbacks()
        made.began(1, HERE, 10.0)
        cleartext(made, 10.02)
        cleartext(made, 10.04)
        assert settle(made, b.accepted(), 1, 10.05) == [False, False]

    def test_of_several_it_waits_for_the_latest(self) -> None:
        made = Fallbacks()
        made.began(1, HERE, 10.0)
        made.began(2, HERE, 10.5)
        cleartext(made, 10.6)
        assert settle(made, b.accepted(), 1, 10.7) == []
        assert settle(made, b.refused_alert(), 2, 10.8) == [True]

    def test_an_attempt_that_decides_nothing_leaves_it_to_the_one_before(self) -> None:
        made = Fallbacks()
        settle(made, b.refused_alert(), 1, 10.0)
        made.began(2, HERE, 10.5)
        cleartext(made, 10.6)
        assert settle(made, b.upstream_failed(), 2, 10.7) == [True]

    def test_it_does_not_wait_for_what_is_open_for_long(self) -> None:
        made = Fallbacks()
        settle(made, b.relayed_ok(), 1, 9.0)
        made.began(2, HERE, 10.0)
        assert cleartext(made, 10.1 + FALLBACK_WINDOW_S) is False

    def test_it_does_not_wait_for_another_client(self) -> None:
        made = Fallbacks()
        made.began(1, ELSEWHERE, 10.0)
        settle(made, b.refused_alert(), 2, 10.0)
        assert cleartext(made, 10.1) is True

    def test_an_attempt_that_just_ends_takes_it_along(self) -> None:
        made = Fallbacks()
        made.began(1, HERE, 10.0)
        cleartext(made, 10.02)
        made.ended(1)
        assert settle(made, b.refused_alert(), 1, 10.1) == []


def test_places_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fallbacks_module, "ENDPOINTS_KEPT", 2)
    made = Fallbacks()
    for number in range(5):
        settle(made, b.refused_alert(), number, 10.0, (1, f"host{number}.example"))
    assert [cleartext(made, 11.0, (1, f"host{number}.example")) for number in range(5)] == [None] * 3 + [True] * 2
