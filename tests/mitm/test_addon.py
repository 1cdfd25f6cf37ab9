"""The addon's life: options, the session's beginning and end, and hooks that never disturb anybody."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from mitmproxy import exceptions
from mitmproxy.connection import ConnectionState
from mitmproxy.proxy import events, layer
from mitmproxy.proxy.layers import TCPLayer
from tests.mitm.hooks import HOST, Stage, client_hello, of, stage

from pinprobe import events as ev
from pinprobe.config import OPTIONS
from pinprobe.mitm.observer import Observer


def kinds(journal: list[ev.Event]) -> list[str]:
    return [type(event).__name__ for event in journal]


# -- options ---------------------------------------------------------------------------------------------


def test_every_option_is_declared_with_its_help(tmp_path: Path) -> None:
    with stage(tmp_path, begun=False) as s:
        declared = {name: s.running.options._options[name] for name in s.running.options.keys()}
        for option in OPTIONS:
            assert declared[option.name].help == option.help
            assert tuple(declared[option.name].choices or ()) == option.choices


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("first_party", ["https://example.com"], "pinprobe_first_party"),
        ("probes", ["nonsense"], "pinprobe_probes"),
        ("config", "/nowhere.yaml", "pinprobe_config"),
        ("reports", " ", "pinprobe_reports"),
    ],
)
def test_a_wrong_option_is_refused_without_a_traceback(tmp_path: Path, option: str, value: Any, says: str) -> None:
    with pytest.raises(exceptions.OptionsError, match=says) as caught, stage(tmp_path, begun=False, **{option: value}):
        pass
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_running_session_keeps_its_options(tmp_path: Path) -> None:
    with stage(tmp_path) as s:
        with pytest.raises(exceptions.OptionsError, match="restart the proxy"):
            s.running.configure(s.addon, pinprobe_ca_store="system")
        s.running.configure(s.addon, http2=False)


def test_a_folder_that_cannot_be_made_stops_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("in the way")
    with stage(tmp_path / "file" / "reports") as s:
        visit = s.visit()
        assert visit.hello().layer is None
        assert visit.start().ssl_conn is None
        visit.closed()
    (warning,) = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert "pinprobe_reports=FOLDER" in warning and "The proxy goes on" in warning


# -- beginning and end --------------------------------------------------------------------------------------


def test_the_journal_begins_with_what_the_proxy_is(tmp_path: Path) -> None:
    with stage(tmp_path, ca_store="system", first_party=["example.com"], mode="observe") as s:
        journal = s.end()
    started, ended = journal
    assert isinstance(started, ev.SessionStarted)
    assert isinstance(ended, ev.SessionEnded), "and ends with a word of its own"
    assert (started.app_id, started.mode, started.ca_store) == ("com.example.app", "observe", "system")
    assert started.first_party == ("example.com",)
    assert len(started.ca_pin_sha256) == 44
    assert all((started.tool_version, started.mitmproxy_version, started.openssl_version, started.python_version))


def test_a_connection_before_running_begins_the_session(tmp_path: Path) -> None:
    """mitmproxy listens before it calls `running`."""
    with stage(tmp_path, begun=False) as s:
        early = s.connects_first()
        early.hello()
        s.begin()
        early.closed()
        journal = s.end()
    told = [kind for kind in kinds(journal) if kind != "HostKnown"]
    assert told[:3] == ["SessionStarted", "ConnectionOpened", "ClientHelloSeen"]
    assert told[-2:] == ["ConnectionClosed", "SessionEnded"]
    assert told.count("SessionStarted") == 1


def test_hooks_after_the_end_are_nothing(tmp_path: Path) -> None:
    with stage(tmp_path) as s:
        late = s.visit()
        s.end()
        late.hello()
        late.closed()
        s.visit().closed()
        s.addon.done()
        assert kinds(s.journal()) == ["SessionStarted", "ConnectionOpened", "ConnectionClosed", "SessionEnded"]


def test_open_connections_are_closed_at_the_end(tmp_path: Path) -> None:
    """mitmproxy says nothing of them."""
    with stage(tmp_path) as s:
        for _ in range(3):
            s.visit().hello()
        journal = s.end()
    closed = of(ev.ConnectionClosed, journal)
    assert [event.connection_id for event in closed] == [1, 2, 3]
    assert {event.closed_by for event in closed} == {"shutdown"}


def test_a_reload_begins_another_session(tmp_path: Path) -> None:
    with stage(tmp_path) as one:
        one.visit().closed()
        one.end()
        one.begin()
        one.visit().closed()
        one.addon.done()
        folders = sorted(tmp_path.glob("com.example.app/*/journal.jsonl"))
    assert len(folders) == 2


def test_the_summary_is_said_at_the_end(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with stage(tmp_path) as s:
        visit = s.visit()
        visit.hello()
        visit.start()
        visit.established()
        visit.decrypted(b"GET / HTTP/1.1\r\n")
        visit.request()
        visit.closed()
        s.end()
    said = caplog.text
    assert "unpinned" in said and f"{HOST}:443" in said
    assert "report.html" in said


# -- hooks ----------------------------------------------------------------------------------------------------


def test_a_bug_of_ours_is_a_notice_and_reaches_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("our bug")

    with stage(tmp_path) as s:
        for name in ("first_bytes", "serve", "established", "request", "closed"):
            monkeypatch.setattr(Observer, name, broken)
        visit = s.visit()
        assert visit.says(client_hello()).layer is None
        assert visit.start().ssl_conn is None, "mitmproxy serves its own"
        visit.established()
        visit.request()
        visit.closed()
        journal = s.end()
    failures = of(ev.ToolFailed, journal)
    assert {event.error.split(" at ")[0] for event in failures} == {"ZeroDivisionError"}
    assert sum("The connection goes on" in record.getMessage() for record in caplog.records) >= 1


def test_a_bug_at_the_first_hook_leaves_the_connection_unwatched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stage(tmp_path) as s:
        monkeypatch.setattr(Observer, "connected", lambda *_: 1 / 0)
        visit = s.visit()
        visit.hello()
        visit.start()
        visit.established()
        visit.closed()
        assert kinds(s.end()) == ["SessionStarted", "ToolFailed", "SessionEnded"]


def test_hooks_of_an_unknown_connection_are_nothing(tmp_path: Path) -> None:
    with stage(tmp_path) as s:
        stranger = s.visit(told=False)
        stranger.hello()
        stranger.start()
        stranger.failed()
        stranger.request()
        stranger.server_disconnected()
        stranger.closed()
        assert kinds(s.end()) == ["SessionStarted", "SessionEnded"]


def test_half_a_hello_is_waited_for(tmp_path: Path) -> None:
    """Else mitmproxy would choose a layer, and it would be too late to relay."""
    hello = client_hello()
    with stage(tmp_path) as s:
        visit = s.visit()
        for cut in (6, 50, len(hello) - 1):
            with pytest.raises(exceptions.AddonHalt):
                visit.says(hello[:cut])
        visit.says(hello)
        assert len(of(ev.ClientHelloSeen, s.end())) == 1


def test_a_layer_that_another_script_chose_stays(tmp_path: Path) -> None:
    with stage(tmp_path) as s:
        visit = s.visit()
        chosen = layer.NextLayer(visit.context)
        chosen.events.append(events.DataReceived(visit.client, client_hello()))
        chosen.layer = TCPLayer(visit.context)
        s.addon.next_layer(chosen)
        assert isinstance(chosen.layer, TCPLayer)
        assert of(ev.ClientHelloSeen, s.end()) == []


@pytest.mark.parametrize(
    ("client_still_there", "closed_by"), [(True, "proxy"), (False, "client")], ids=["server first", "client first"]
)
def test_who_closed_first(tmp_path: Path, client_still_there: bool, closed_by: str) -> None:
    with stage(tmp_path) as s:
        visit = s.visit()
        visit.client.state = ConnectionState.OPEN if client_still_there else ConnectionState.CLOSED
        visit.server_disconnected()
        visit.closed()
        (closed,) = of(ev.ConnectionClosed, s.end())
    assert closed.closed_by == closed_by


def test_a_failure_that_is_told_after_the_disconnect(tmp_path: Path) -> None:
    """mitmproxy promises no order; the error is on the connection by then, which is not who closed it."""
    with stage(tmp_path) as s:
        visit = s.visit()
        visit.hello()
        visit.start()
        visit.client.error = "The client disconnected during the handshake."
        visit.closed()
        visit.failed(visit.client.error)
        journal = s.end()
    assert [event.closed_by for event in of(ev.ConnectionClosed, journal)] == ["client"]
    assert of(ev.HandshakeFailed, journal) == []


def test_a_second_disconnect_is_nothing(tmp_path: Path) -> None:
    with stage(tmp_path) as s:
        visit = s.visit()
        visit.closed()
        visit.closed()
        assert len(of(ev.ConnectionClosed, s.end())) == 1


def test_nothing_is_kept_of_a_connection_that_is_over(tmp_path: Path) -> None:
    def talk(s: Stage) -> None:
        visit = s.visit()
        visit.hello()
        visit.start()
        visit.failed()
        visit.closed()

    with stage(tmp_path) as s:
        for _ in range(20):
            talk(s)
        assert s.addon._watches == {}


def test_a_session_begins_as_soon_as_its_folder_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("pinprobe.mitm.addon.BEGIN_AGAIN_S", 0.01)
    reports = tmp_path / "reports"
    reports.write_text("in the way")
    with stage(reports) as s:
        s.visit().hello()
        s.let_it_run(0.1)
        assert s.addon._session is None
        reports.unlink()
        s.let_it_run(0.1)
        s.visit().hello()
        assert len(of(ev.ConnectionOpened, s.end())) == 1
    assert sum("nothing is recorded until it can" in line for line in caplog.messages) == 1


def test_a_session_that_cannot_begin_leaves_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pinprobe.mitm.addon.BEGIN_AGAIN_S", 0.01)
    monkeypatch.setattr("pinprobe.mitm.session.Recorder", refused)
    with stage(tmp_path) as s:
        s.let_it_run(0.1)
        assert s.addon._session is None
    assert not list(tmp_path.glob("*/*"))
