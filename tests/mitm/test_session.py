"""One session: the guard, the numbers, the timer, and decisions that the journal can repeat."""

from __future__ import annotations

import logging
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.mitm.hooks import Stage, of, stage
from tests.rooms import attempts_of
from tests.simulation import replayed

import pinprobe.mitm.session as session_module
from pinprobe import events as ev
from pinprobe.attempts import Outcome
from pinprobe.mitm.clock import CLOCK, now_s
from pinprobe.mitm.session import Session
from pinprobe.thresholds import ENDPOINTS_KEPT


@pytest.fixture
def s(tmp_path: Path) -> Iterator[Stage]:
    with stage(tmp_path) as made:
        yield made


@pytest.fixture
def session(s: Stage) -> Session:
    assert s.addon._session is not None
    return s.addon._session


def test_its_folder_is_its_owners_and_bears_app_and_time(session: Session, tmp_path: Path) -> None:
    assert session.folder.parent == tmp_path / "com.example.app"
    assert session.folder.name == session.id
    assert stat.S_IMODE(session.folder.stat().st_mode) == 0o700


def test_two_sessions_of_one_second_have_folders_of_their_own(tmp_path: Path) -> None:
    with stage(tmp_path) as one, stage(tmp_path) as two:
        assert one.addon._session is not None and two.addon._session is not None
        assert one.addon._session.folder != two.addon._session.folder
        assert one.addon._session.seed != two.addon._session.seed


def test_a_folder_is_nobodys_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two journals in one file could not be read."""
    numbers = iter(["aaaa", "aaaa", "bbbb", "cccc"])
    monkeypatch.setattr("pinprobe.mitm.session.secrets.token_hex", lambda _: next(numbers))
    with stage(tmp_path) as one, stage(tmp_path) as two:
        assert one.addon._session is not None and two.addon._session is not None
        assert one.addon._session.folder != two.addon._session.folder


def test_a_clock_that_was_set_is_told_once_and_moves_no_time(s: Stage, session: Session) -> None:
    """As if the machine's clock had been an hour behind; a real one is set in tests/live/test_troubles.py."""
    before_s = now_s()
    session._look_at_clock()
    CLOCK._ahead_s -= 3600
    session._look_at_clock()
    session._look_at_clock()
    CLOCK._ahead_s += 3600
    assert 0 <= now_s() - before_s < 60
    (told,) = of(ev.ToolFailed, s.end())
    assert told.where == ev.CLOCK_SET and "set forward by 1 h 0 min" in told.error


def test_where_recording_has_stopped_the_experiment_has(tmp_path: Path) -> None:
    with stage(tmp_path, journal_mb="1") as made:
        session = made.addon._session
        assert session is not None

        def known(host: str) -> None:
            session.emit(ev.HostKnown(at_s=now_s(), host=host, registrable_domain=host, category=None, vendor=None))
            made.let_it_run(1.0)

        known("x" * 1_000_000)
        assert not session.schedule._over, "nothing is missing yet"
        known("y.test")
        assert session.recorder.at_bound and session.schedule._over


# -- the guard ---------------------------------------------------------------------------------------------


def test_the_guard_hands_on_what_works_and_keeps_what_fails(
    s: Stage, session: Session, caplog: pytest.LogCaptureFixture
) -> None:
    def divide(a: int, *, by: int) -> int:
        return a // by

    assert session.guard(divide, 7, by=2) == 3
    for _ in range(3):
        assert session.guard(divide, 7, by=0) is None
    (failure,) = of(ev.ToolFailed, s.end())
    assert failure.where.endswith("divide")
    assert re.fullmatch(r"ZeroDivisionError at mitm/session\.py:\d+", failure.error)
    (warning,) = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert warning.exc_info is None, "a traceback ends in the error's text"
    assert re.search(r"Through: mitm/session\.py:\d+$", warning.getMessage())


def test_failures_of_many_kinds_are_bounded(s: Stage, session: Session) -> None:
    for number in range(500):
        session.failed("somewhere", ValueError(number))
    assert len(of(ev.ToolFailed, s.end())) <= 100


# -- numbers, and what is told once ------------------------------------------------------------------------


def test_connections_and_clients_are_numbered(session: Session) -> None:
    assert [session.connection_number() for _ in range(3)] == [1, 2, 3]
    assert [session.client_number(peer) for peer in ("a", "b", "a")] == [1, 2, 1]


def test_clients_beyond_the_bound_share_a_number(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_module, "ENDPOINTS_KEPT", 2)
    assert [session.client_number(peer) for peer in "abcda"] == [1, 2, 0, 0, 1]
    assert ENDPOINTS_KEPT > 2


def test_the_catalog_is_asked_once_per_host(s: Stage, session: Session) -> None:
    for host in ("rt.applovin.com", "api.example.co.uk", "rt.applovin.com"):
        session.host_seen(host)
    known = of(ev.HostKnown, s.end())
    assert [(event.host, event.registrable_domain, event.category) for event in known] == [
        ("rt.applovin.com", "applovin.com", "ads"),
        ("api.example.co.uk", "example.co.uk", None),
    ]


def test_a_chain_is_new_once(session: Session) -> None:
    assert [session.chain_is_new(chain) for chain in "aba"] == [True, True, False]


def test_a_delay_is_as_long_as_the_slowest_of_the_latest_interceptions(session: Session) -> None:
    assert session.interception_s() > 0
    for seconds in (5.0, *[0.1] * 31):
        session.interception_took(seconds)
    assert session.interception_s() == 5.0
    session.interception_took(0.2)
    assert session.interception_s() == 0.2


# -- the timer ----------------------------------------------------------------------------------------------


def test_silence_is_told_by_a_timer(s: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """client_disconnected may never come."""
    monkeypatch.setattr(session_module, "LONG_S", 0.0)
    monkeypatch.setattr(session_module, "TICK_S", 0.02)
    silent, talking, gone = (s.visit() for _ in range(3))
    for visit in (silent, talking, gone):
        visit.hello()
        visit.start()
        visit.established()
    talking.decrypted(b"GET / HTTP/1.1\r\n")
    gone.closed()
    s.let_it_run(1.0)
    assert s.addon._session is not None
    journal = s.end()
    closed = [(event.connection_id, event.closed_by) for event in of(ev.ConnectionClosed, journal)]
    assert closed == [(3, "client"), (1, "timer"), (1, "shutdown"), (2, "shutdown")]


def test_nothing_is_told_before_it_is_long(s: Stage, session: Session) -> None:
    visit = s.visit()
    visit.hello()
    visit.start()
    visit.established()
    session.close_silent()
    visit.closed()
    assert [event.closed_by for event in of(ev.ConnectionClosed, s.end())] == ["client"]


# -- decisions ------------------------------------------------------------------------------------------------


def test_the_journal_replays_to_the_same_decisions(s: Stage) -> None:
    """Of a session with refusals, accepts and relays, its seed and its real times."""
    for number in range(40):
        visit = s.visit("refuses.example.com" if number % 2 else "accepts.example.com")
        if visit.hello(visit.context.server.address[0]).layer is None:  # type: ignore[index]
            visit.server_answers()
            visit.start()
            if number % 2:
                watch = s.addon._watches[visit.client.id]
                if watch.tap is not None:
                    watch.tap.sent(bytes(5000))
                    watch.tap.info(0x4004, 2 << 8 | 46)
                visit.failed()
            else:
                visit.established()
                visit.decrypted(b"GET / HTTP/1.1\r\n")
                visit.request(visit.context.server.address[0])  # type: ignore[index]
        visit.closed()
    journal = s.end()
    applied = {event.connection_id: event for event in of(ev.ProbeApplied, journal)}
    decided = replayed(journal)
    assert len(decided) == len(applied) == 40
    for connection_id, choice in decided:
        assert (choice.probe_id, choice.chain_id) == (
            applied[connection_id].probe_id,
            applied[connection_id].chain_id,
        )
    assert {"trusted_ca", "relay"} <= {choice.probe_id for _, choice in decided}
    assert {Outcome.DATA_EXCHANGED, Outcome.ALERT_DURING_HANDSHAKE} <= {a.outcome for a in attempts_of(journal)}
