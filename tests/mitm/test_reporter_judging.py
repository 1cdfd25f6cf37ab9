"""Which endpoints are judged again: all that may have changed; of those that only accept, when there is more of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.builders import Events, accepted, journal, pinned_after_handshake, placed, refused_alert, relayed_ok, silent

from pinprobe.attempts import Endpoint
from pinprobe.mitm.reporter import Reporter

API, LOGIN = "api.example.com", "login.example.com"


class Judged:
    """A reporter, and what it would judge after one more connection."""

    def __init__(self, folder: Path) -> None:
        self.told: list[str] = []
        self.complaints: list[str] = []
        self.reporter = Reporter(
            folder,
            folder.parent,
            lambda level, line: self.told.append(line),
            lambda event: None,
            lambda where, error: self.complaints.append(f"{where}: {error}"),
            formats=(),
            policy=None,
            show=None,
        )
        self._connections = 0
        self.reporter._learn(journal())

    def after(self, connection: Events) -> set[str]:
        self._connections += 1
        self.reporter._learn(placed(connection, self._connections, 1000.0 + self._connections))
        touched: set[Endpoint] = set(self.reporter._touched)
        self.reporter._touched.clear()
        return {endpoint.host for endpoint in touched}


@pytest.fixture
def judged(tmp_path: Path) -> Iterator[Judged]:
    folder = tmp_path / "app" / "session"
    folder.mkdir(parents=True)
    made = Judged(folder)
    yield made
    made.reporter.finish()
    assert made.complaints == []


def test_the_first_connections_each_have_an_endpoint_judged(judged: Judged) -> None:
    assert all(judged.after(accepted(API)) == {API} for _ in range(3))


@pytest.mark.parametrize("connection", [accepted(API), relayed_ok(API)], ids=["accepted", "relayed"])
def test_many_that_are_alike_have_it_judged_ever_more_rarely(judged: Judged, connection: Events) -> None:
    first = sum(judged.after(connection) == {API} for _ in range(100))
    later = sum(judged.after(connection) == {API} for _ in range(100))
    assert 5 <= first <= 60
    assert 1 <= later <= first / 3


@pytest.mark.parametrize("connection", [refused_alert(API), pinned_after_handshake(API), silent(API)])
def test_whatever_else_it_does_has_it_judged_at_once(judged: Judged, connection: Events) -> None:
    for _ in range(50):
        judged.after(accepted(API))
    assert API in judged.after(connection)


def test_an_endpoint_that_has_refused_is_judged_after_everything(judged: Judged) -> None:
    judged.after(refused_alert(LOGIN))
    assert all(LOGIN in judged.after(relayed_ok(LOGIN)) for _ in range(60))
    assert all(LOGIN in judged.after(accepted(API)) for _ in range(60)), "what follows elsewhere is part of its story"


def test_at_the_end_all_are_judged(judged: Judged) -> None:
    for _ in range(50):
        judged.after(accepted(API))
    judged.reporter.finish()
    assert any(API in line for line in judged.told)
