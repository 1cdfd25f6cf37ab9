"""The app's package beside the proxy: its name, and its facts in order."""

from __future__ import annotations

import logging
import time
from pathlib import Path

import pytest
from tests.mitm.hooks import Stage, of, stage
from tests.mitm.package_stage import PIN, Gate, session_of, small_apk, until_read

from pinprobe import events as ev
from pinprobe.mitm import package_reading


@pytest.fixture
def apk(tmp_path: Path) -> Path:
    return small_apk(tmp_path)


def declared(journal: list[ev.Event]) -> list[str]:
    """The facts of the package and of hosts, in order."""
    words = {ev.SessionStarted: "session", ev.AppDeclared: "app", ev.SessionEnded: "end"}
    told: list[str] = []
    for event in journal:
        if isinstance(event, ev.HostKnown):
            told.append(f"seen {event.host}")
        elif isinstance(event, ev.HostDeclared):
            told.append(event.host)
        elif type(event) in words:
            told.append(words[type(event)])
    return told


def test_the_app_is_told_before_its_hosts_and_each_host_once(tmp_path: Path, apk: Path) -> None:
    with stage(tmp_path / "r", apk=[str(apk)]) as s:
        until_read(s)
        for host in ("api.example.com", "other.example.net", "api.example.com"):
            session_of(s).host_seen(host)
        journal = s.end()
    assert declared(journal) == [
        "session",
        "app",
        "seen api.example.com",
        "api.example.com",
        "seen other.example.net",
        "other.example.net",
        "end",
    ]
    pinned, other = of(ev.HostDeclared, journal)
    assert (pinned.pins, pinned.config, pinned.app_id) == ((PIN,), "domain-config example.com", "com.example.app")
    assert (other.pins, other.config) == ((), "platform default")
    (app,) = of(ev.AppDeclared, journal)
    assert (app.app_id, app.package, app.problems) == ("com.example.app", "com.example.app", ())


def test_hosts_seen_while_it_is_read_are_told_of_afterwards(
    tmp_path: Path, apk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch)
    with stage(tmp_path / "r", apk=[str(apk)], android_api="36") as s:
        for host in ("b.example.com", "", "a.example.com"):
            session_of(s).host_seen(host)
        gate.open(s)
        session_of(s).host_seen("c.example.com")
        journal = s.end()
    assert [one for one in declared(journal) if not one.startswith("seen")] == [
        "session",
        "app",
        "b.example.com",
        "a.example.com",
        "c.example.com",
        "end",
    ]


def test_hosts_that_wait_are_bounded(tmp_path: Path, apk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package_reading, "ENDPOINTS_KEPT", 2)
    gate = Gate(monkeypatch)
    with stage(tmp_path / "r", apk=[str(apk)]) as s:
        for number in range(5):
            session_of(s).host_seen(f"h{number}.example.com")
        gate.open(s)
        assert len(of(ev.HostDeclared, s.end())) == 2


def test_a_reader_that_is_held_up_holds_nobody_up(tmp_path: Path, apk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gate = Gate(monkeypatch)
    with stage(tmp_path / "r", apk=[str(apk)]) as s:
        started = time.monotonic()
        for _ in range(3):
            visit = s.visit("api.example.com")
            visit.hello("api.example.com")
            visit.start()
            visit.established()
            visit.closed()
        assert time.monotonic() - started < 5
        gate.open(s)
        s.end()


def test_a_verdict_that_the_package_changes_is_said_again(
    tmp_path: Path, apk: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    gate = Gate(monkeypatch)

    def said(s: Stage, word: str) -> bool:
        deadline = time.monotonic() + 10
        while word not in caplog.text and time.monotonic() < deadline:
            s.let_it_run(0.05)
        return word in caplog.text

    with stage(tmp_path / "r", apk=[str(apk)], ca_store="system") as s:
        visit = s.visit()
        visit.hello()
        visit.start()
        visit.established()
        visit.decrypted(b"GET / HTTP/1.1\r\n")
        visit.request()
        visit.closed()
        assert said(s, "unpinned (")
        gate.open(s)
        assert said(s, "suspicious (")


# -- the app's name --------------------------------------------------------------------------------------------


def test_without_a_name_the_app_is_the_package(tmp_path: Path, apk: Path) -> None:
    with stage(tmp_path / "r", apk=[str(apk)], app="") as s:
        assert session_of(s).folder.parent.name == "com.example.app"
        journal = s.end()
    assert [event.app_id for event in of(ev.SessionStarted, journal)] == ["com.example.app"]
    assert [event.app_id for event in of(ev.AppDeclared, journal)] == ["com.example.app"]


def test_its_options_in_the_file_are_then_those_of_the_package(tmp_path: Path, apk: Path) -> None:
    file = tmp_path / "options.yaml"
    file.write_text(f"apk: [{apk}]\napps:\n  com.example.app:\n    label: by its name\n")
    with stage(tmp_path / "r", app="", config=str(file)) as s:
        (started,) = of(ev.SessionStarted, s.end())
    assert (started.app_id, started.label) == ("com.example.app", "by its name")


def test_a_running_session_keeps_that_name(tmp_path: Path, apk: Path) -> None:
    with stage(tmp_path / "r", apk=[str(apk)], app="") as s:
        apk.unlink()
        apk.write_bytes(b"replaced meanwhile")
        s.running.configure(s.addon, pinprobe_phase="idle")
        assert [mark.phase for mark in of(ev.Marked, s.end())] == ["idle"]


@pytest.mark.parametrize(
    ("app", "says"),
    [
        ("com.example.app", ()),
        ("Shop, nightly", ()),
        ("com.example.other", ("the package is com.example.app, and the app under test com.example.other",)),
    ],
)
def test_a_package_of_another_app_is_told(tmp_path: Path, apk: Path, app: str, says: tuple[str, ...]) -> None:
    with stage(tmp_path / "r", apk=[str(apk)], app=app) as s:
        (declared,) = of(ev.AppDeclared, s.end())
    assert (declared.app_id, declared.problems) == (app, says)


def test_who_waits_long_is_told_so(
    tmp_path: Path, apk: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(package_reading, "LONG_S", 0.0)
    gate = Gate(monkeypatch)
    with stage(tmp_path / "r", apk=[str(apk)]) as s:
        reading = session_of(s).package
        reading._progress(31 << 20, 120 << 20)
        for _ in range(3):
            reading.tick()
        s.let_it_run()
        gate.open(s)
        s.let_it_run()
        reading.tick()
        s.end()
    lines = [record.getMessage() for record in caplog.records if "package" in record.getMessage()]
    assert lines == [
        "pinprobe: still reading the app's package (31 of 120 MiB); the proxy works meanwhile.",
        "pinprobe: the app's package is read, after 0 s.",
    ]
